package dev.graft.freezing;

import dev.graft.model.HeadInput;
import dev.graft.plan.Choice;
import dev.graft.plan.Length;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Selector;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.plan.Stream;
import dev.graft.spi.About;
import dev.graft.spi.Subject;
import java.util.List;

/**
 * Trains a linear head on fixed features. The features are computed once; the head is solved
 * exactly, or trained by gradient.
 */
public final class LinearProbing extends Strategy {

  private static final String EXACT = "lbfgs";

  /** Makes the method. */
  public LinearProbing() {
    super(
        new About(
            "linear-probe",
            "trains a linear head on fixed features, all else is frozen",
            "Alain and Bengio 2017; He et al. 2022 (MAE)"),
        List.of(
            Setting.text(
                "solver",
                EXACT,
                List.of(EXACT, "gradient"),
                "lbfgs: the exact minimum, where the head reads one vector per example; gradient:"
                    + " Adam with a cosine"),
            Setting.text(
                "l2",
                "grid",
                List.of(),
                "lbfgs: strength of the penalty, or grid: the best of five on the validation part"),
            Setting.flag("standardise", true, "lbfgs: whether features are scaled to std 1"),
            Setting.flag(
                "refit", true, "lbfgs: whether the head is fitted again with the validation part"),
            Setting.number("lr", 0.003, 0, 10, "gradient: learning rate"),
            Setting.integer("epochs", 90, 1, 10000, "gradient: passes over the features"),
            Setting.integer("batch_size", 64, 1, 4096, "gradient: examples per update")));
  }

  @Override
  public Plan contribute(Plan plan, Settings settings, Subject subject) {
    boolean exact =
        settings.text("solver").equals(EXACT) && subject.task().headInput() == HeadInput.EXAMPLE;
    return plan.withPhases(
        List.of(exact ? exact("probe", subject, settings) : gradient(subject, settings)));
  }

  /** A phase that solves the head; {@code settings} has l2, standardise and refit. */
  static Phase exact(String name, Subject subject, Settings settings) {
    Choice solver =
        Choice.of(EXACT)
            .with("l2", settings.text("l2"))
            .with("standardise", settings.flag("standardise"))
            .with("refit", settings.flag("refit"));
    return head(name, subject, 64, solver).withLength(Length.epochs(1));
  }

  private static Phase gradient(Subject subject, Settings settings) {
    Choice adam = Choice.of("adam").with("lr", settings.number("lr"));
    return head("probe", subject, settings.integer("batch_size"), adam)
        .withSchedule(Choice.of("cosine").with("warmup", 0.1))
        .withLength(Length.epochs(settings.integer("epochs")));
  }

  private static Phase head(String name, Subject subject, int batch, Choice optimizer) {
    List<Selector> selectors = List.of(Selector.groups(List.of(Rates.head(subject.model())), 1));
    return Phase.of(name, selectors, Stream.training(batch, Stream.NONE), optimizer);
  }
}
