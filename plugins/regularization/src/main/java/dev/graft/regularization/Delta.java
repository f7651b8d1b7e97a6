package dev.graft.regularization;

import dev.graft.model.Group;
import dev.graft.model.Model;
import dev.graft.plan.Choice;
import dev.graft.plan.Length;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Regime;
import dev.graft.plan.Selection;
import dev.graft.plan.Selector;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.plan.Stream;
import dev.graft.plan.TermSpec;
import dev.graft.spi.About;
import dev.graft.spi.BoundTerm;
import dev.graft.spi.Run;
import dev.graft.spi.Subject;
import dev.graft.spi.Term;
import dev.graft.spi.TermMethod;
import java.util.ArrayList;
import java.util.List;

/**
 * DELTA: feature maps are kept close to those of the pretrained model, and those channels most
 * whose loss would hurt the new task. What a channel matters is found with a trained head, so a
 * plan that does not train the head alone first gets a phase that does.
 *
 * <p>Maps that no normalisation scales can be long, and the distance between them is steep: there
 * gradients are bounded where the plan bounds none.
 */
public final class Delta extends TermMethod {

  private static final About ABOUT =
      new About(
          "delta",
          "keeps the feature maps that matter close to the pretrained ones",
          "Li et al. 2019, ICLR; defaults: TLlib");

  private static final String PROBE = "delta-probe";
  private static final int PROBE_EPOCHS = 10;
  private static final double PROBE_RATE = 0.003;
  private static final double LONGEST_GRADIENT = 1;

  private static final List<Setting> OWN =
      List.of(
          Setting.flag("attention", true, "whether channels count by how much the task needs them"),
          Setting.integer(
              "examples", 64, 1, 100_000, "training examples on which that is found out"),
          Setting.text(
              "taps",
              "",
              List.of(),
              "modules whose outputs are kept, joined by +; empty: the last convolution of each"
                  + " group between the first and the head"));

  /** Makes the method. */
  public Delta() {
    super(ABOUT, weighted(0.01, "factor of the distance between feature maps", OWN));
  }

  @Override
  protected String objection(Phase phase, Plan plan, Subject subject) {
    if (plan.fromScratch()) {
      return "there are no pretrained feature maps";
    }
    return movesFeatures(phase, plan, subject) ? "" : "what enters the head never changes";
  }

  @Override
  public Plan contribute(Plan plan, Settings all, Subject subject) {
    Plan edited = super.contribute(plan, all, subject);
    if (Selection.normalisations(subject.model()).isEmpty()) {
      edited = edited.mapPhases(Delta::bounded);
    }
    if (!all.flag("attention") || trainsHeadAloneFirst(plan, subject)) {
      return edited;
    }
    List<Phase> phases = new ArrayList<>(edited.phases());
    phases.add(0, probe(plan.phases().get(0), subject.model()));
    return edited.withPhases(phases);
  }

  private static Phase bounded(Phase phase) {
    Regime regime = phase.regime();
    return regime.clipNorm() > 0 ? phase : phase.withRegime(regime.withClipNorm(LONGEST_GRADIENT));
  }

  private static boolean trainsHeadAloneFirst(Plan plan, Subject subject) {
    List<Group> groups = subject.model().groups();
    String head = groups.get(groups.size() - 1).name();
    return Selection.of(plan.phases().get(0), subject.model()).trained().stream()
        .allMatch(selected -> selected.parameter().group().equals(head));
  }

  private static Phase probe(Phase like, Model model) {
    String head = model.groups().get(model.groups().size() - 1).name();
    return Phase.of(
            PROBE,
            List.of(Selector.groups(List.of(head), 1)),
            Stream.training(like.streams().get(0).batchSize(), Stream.NONE),
            Choice.of("adam").with("lr", PROBE_RATE))
        .withLength(Length.epochs(PROBE_EPOCHS));
  }

  /** The distance between feature maps. */
  public static final class Loss implements Term {

    @Override
    public About about() {
      return ABOUT;
    }

    @Override
    public List<Setting> settings() {
      return OWN;
    }

    @Override
    public BoundTerm bind(TermSpec spec, Run run) {
      return new DeltaTerm(spec.settings(), run);
    }
  }
}
