package dev.graft.alignment;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Run;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import java.util.List;

/** MCC: predictions without labels must not waver between classes. */
public final class Mcc extends Alignment {

  private static final About ABOUT =
      new About(
          "mcc",
          "predictions on unlabelled examples must not waver between classes",
          "Jin et al. 2020, ECCV; defaults: TLlib");

  private static final List<Setting> OWN =
      List.of(Setting.number("temperature", 2.5, 0.01, 100, "softens predictions"));

  /** Makes the method. */
  public Mcc() {
    super(ABOUT, weighted(1, "factor of the confusion", OWN), Looks.PREDICTIONS);
  }

  /** Mean share of each class that goes to others, from logits (N, K): 0 to 1. */
  static Tensor loss(Tensor logits, double temperature) {
    Tensor probabilities = Nn.softmax(logits.div(temperature), -1);
    Tensor weights = Discrimination.entropyWeights(probabilities.detach());
    Tensor joint = probabilities.mul(weights.unsqueeze(1)).transpose(0, 1).matmul(probabilities);
    Tensor confusion = joint.div(joint.sum(true, 1));
    long classes = logits.size(1);
    Tensor right = confusion.mul(Tensor.eye(classes).to(confusion.dtype())).sum();
    return confusion.sum().sub(right).div((double) classes);
  }

  /** The confusion. */
  public static final class Loss extends PairMethodTerm {

    /** Makes the term. */
    public Loss() {
      super(ABOUT, OWN);
    }

    @Override
    PairTerm bind(Settings own, Run run) {
      double temperature = own.number("temperature");
      return PairTerm.onPredictions(
          run, (source, target, progress) -> loss(target.outputs().get("logits"), temperature));
    }
  }
}
