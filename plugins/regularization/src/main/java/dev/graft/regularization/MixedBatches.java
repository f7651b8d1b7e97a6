package dev.graft.regularization;

import dev.graft.layers.Embedding;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Regime;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.PhaseMethod;
import dev.graft.spi.Subject;
import java.util.List;

/**
 * Training on mixtures of two examples and of their labels: switches on, phase by phase, what the
 * trainer does with its batches. A teacher sees the mixtures too.
 */
abstract sealed class MixedBatches extends PhaseMethod permits Mixup, Cutmix {

  private static final String ALPHA = "alpha";

  MixedBatches(About about, double alpha) {
    super(
        about,
        List.of(
            Setting.number(
                ALPHA, alpha, 0.001, 100, "α of the beta distribution of the shares; 1: uniform")));
  }

  /** The regime with this way of mixing. */
  abstract Regime mixing(Regime regime, double alpha);

  /** Why this network's inputs cannot be mixed in this way; empty where they can. */
  abstract String objection(Subject subject);

  @Override
  protected final String objection(Phase phase, Plan plan, Subject subject) {
    if (!subject.task().classifies()) {
      return "the task does not choose a class for each example";
    }
    if (phase.streams().get(0).views().size() > 1) {
      return "the batches hold several views already";
    }
    boolean words =
        subject.model().modules().values().stream().anyMatch(Embedding.class::isInstance);
    return words ? "the network reads ids, which have no mixture" : objection(subject);
  }

  @Override
  protected final Phase added(Phase phase, Settings all, Subject subject) {
    return phase.withRegime(mixing(phase.regime(), all.number(ALPHA)));
  }
}
