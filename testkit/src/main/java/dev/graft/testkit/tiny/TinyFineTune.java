package dev.graft.testkit.tiny;

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
import dev.graft.spi.TransferMethod;
import java.util.List;

/** The strategy that additions are tried on: everything trains, in one phase. */
public final class TinyFineTune implements TransferMethod {

  @Override
  public About about() {
    return new About("tiny-fine-tune", "everything trains in one phase, for tests", "none");
  }

  @Override
  public Role role() {
    return Role.STRATEGY;
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        Setting.number("lr", 0.05, 1e-6, 1, "learning rate"),
        Setting.integer("epochs", 4, 1, 100, "passes over the training part"));
  }

  @Override
  public Plan contribute(Plan plan, Settings settings, Subject subject) {
    Choice sgd = Choice.of("sgd").with("lr", settings.number("lr")).with("momentum", 0.9);
    Phase phase =
        Phase.of("all", List.of(Selector.all(1)), Stream.training(8, TinyPreprocessing.NOISE), sgd)
            .withLength(Length.epochs(settings.integer("epochs")));
    return plan.withPhases(List.of(phase));
  }
}
