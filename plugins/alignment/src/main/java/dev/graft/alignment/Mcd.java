package dev.graft.alignment;

import dev.graft.layers.Layer;
import dev.graft.layers.Linear;
import dev.graft.model.Group;
import dev.graft.model.Model;
import dev.graft.model.Modules;
import dev.graft.plan.Choice;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.plan.TermSpec;
import dev.graft.plan.Update;
import dev.graft.spi.About;
import dev.graft.spi.Run;
import dev.graft.spi.Subject;
import dev.graft.spi.Surgery;
import dev.graft.task.Task;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * MCD: two heads learn the labels and are driven apart where there are none; the backbone is then
 * moved to where they agree. Each step makes three kinds of updates on the same batch: everything
 * on the labels; the heads on the labels and against agreement; the backbone, several times, for
 * it.
 */
public final class Mcd extends Alignment {

  private static final About ABOUT =
      new About(
          "mcd",
          "two heads driven apart, a backbone moved to where they agree",
          "Saito et al. 2018, CVPR");

  private static final About TWIN =
      new About(
          "mcd-twin", "the labels' loss of the second head of mcd", "Saito et al. 2018, CVPR");

  private static final About HEADS =
      new About("twin-head", "a linear head with a twin beside it", "Saito et al. 2018, CVPR");

  private static final Setting REPEAT =
      Setting.integer("repeat", 4, 1, 100, "updates of the backbone per step");

  /** Makes the method. */
  public Mcd() {
    super(
        ABOUT,
        List.of(Setting.number(WEIGHT, 1, 0, 1e6, "factor of the discrepancy"), REPEAT),
        Looks.BOTH);
  }

  @Override
  public Plan contribute(Plan plan, Settings all, Subject subject) {
    if (plan.phases().stream().anyMatch(Phase::solvesHead)) {
      throw refused(plan, "a phase solves a single linear head, and mcd needs two");
    }
    if (plan.phases().stream().anyMatch(phase -> !phase.updates().isEmpty())) {
      throw refused(plan, "another method makes several updates per step already");
    }
    Plan terms = super.contribute(plan, all, subject);
    int repeat = all.integer("repeat");
    return terms
        .plusSurgery(Choice.of(HEADS.id()))
        .mapPhases(phase -> isMine(phase) ? updated(phase, subject.model(), repeat) : phase);
  }

  @Override
  protected Settings termSettings(Settings all) {
    return Settings.NONE;
  }

  private static boolean isMine(Phase phase) {
    return phase.terms().stream().anyMatch(term -> term.id().equals(ABOUT.id()));
  }

  private static Phase updated(Phase phase, Model model, int repeat) {
    List<String> groups = new ArrayList<>(model.groups().stream().map(Group::name).toList());
    String head = groups.remove(groups.size() - 1);
    Map<String, Double> labels = new HashMap<>();
    phase.terms().forEach(term -> labels.put(term.id(), 1.0));
    labels.put(TWIN.id(), 1.0);
    labels.remove(ABOUT.id());
    Map<String, Double> apart = new HashMap<>(labels);
    apart.put(ABOUT.id(), -1.0);
    return phase
        .plusTerm(TermSpec.of(TWIN.id()))
        .withUpdates(
            List.of(
                new Update("all", List.of(), labels, 1),
                new Update("heads", List.of(head), apart, 1),
                new Update("backbone", groups, Map.of(ABOUT.id(), 1.0), repeat)));
  }

  /** Mean distance of the probabilities of two heads, from logits (N, K) each. */
  static Tensor discrepancy(Tensor one, Tensor other) {
    return Nn.softmax(one, -1).sub(Nn.softmax(other, -1)).abs().mean();
  }

  private static String twinOf(Run run) {
    return run.model().network().headPath() + ".twin";
  }

  /** How far the heads are apart where there are no labels. */
  public static final class Loss extends PairMethodTerm {

    /** Makes the term. */
    public Loss() {
      super(ABOUT, List.of());
    }

    @Override
    PairTerm bind(Settings own, Run run) {
      String twin = twinOf(run);
      return PairTerm.onTaps(
          run,
          List.of(twin),
          (source, target, progress) ->
              discrepancy(target.outputs().get("logits"), target.taps().get(twin)));
    }
  }

  /** The second head's loss on the labels. */
  public static final class TwinLoss extends PairMethodTerm {

    /** Makes the term. */
    public TwinLoss() {
      super(TWIN, List.of());
    }

    @Override
    PairTerm bind(Settings own, Run run) {
      String twin = twinOf(run);
      return PairTerm.onTaps(
          run,
          List.of(twin),
          (source, target, progress) ->
              run.task()
                  .loss(
                      source.outputs().with("logits", source.taps().get(twin)), source.targets()));
    }
  }

  /** Puts the twin beside the head. */
  public static final class Heads implements Surgery {

    @Override
    public About about() {
      return HEADS;
    }

    @Override
    public void apply(Model model, Settings settings, Task task) {
      String path = model.network().headPath();
      Layer head = Modules.child(model.network(), path).layer();
      if (!(head instanceof Linear linear) || linear.bias() == null) {
        throw new IllegalArgumentException(
            "'mcd' needs a linear head with a bias; '%s' of this network is a %s"
                .formatted(path, head.getClass().getSimpleName()));
      }
      model.replaceHead(new TwinHead(linear));
    }
  }
}
