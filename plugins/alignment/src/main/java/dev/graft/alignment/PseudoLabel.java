package dev.graft.alignment;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Run;
import dev.graft.tensor.Tensor;
import java.util.List;

/** Pseudo-labels: what the model is sure of counts as a label. */
public final class PseudoLabel extends Alignment {

  private static final About ABOUT =
      new About(
          "pseudo-label",
          "what the model is sure of on unlabelled examples counts as a label",
          "Lee 2013, ICML workshops; form: TLlib");

  private static final List<Setting> OWN =
      List.of(Setting.number("threshold", 0.95, 0, 1, "probability from which it is sure"));

  /** Makes the method. */
  public PseudoLabel() {
    super(ABOUT, weighted(1, "factor of the cross entropy", OWN), Looks.PREDICTIONS);
  }

  /** The cross entropy. */
  public static final class Loss extends PairMethodTerm {

    /** Makes the term. */
    public Loss() {
      super(ABOUT, OWN);
    }

    @Override
    PairTerm bind(Settings own, Run run) {
      double threshold = own.number("threshold");
      return PairTerm.onPredictions(
          run,
          (source, target, progress) -> {
            Tensor logits = target.outputs().get("logits");
            return SelfTraining.pseudoLabels(logits, logits, threshold);
          });
    }
  }
}
