package dev.graft.alignment;

import dev.graft.layers.Layer;
import dev.graft.layers.Sequential;
import dev.graft.model.OwnLayers;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Run;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import java.util.List;

/**
 * CDAN: the discriminator sees the features together with what they are taken for, as outer
 * products. With {@code entropy} (CDAN+E) examples that the model is sure of count more.
 */
public final class Cdan extends Alignment {

  private static final About ABOUT =
      new About(
          "cdan",
          "a discriminator of features together with predictions",
          "Long et al. 2018, NeurIPS; defaults: TLlib");

  private static final List<Setting> OWN =
      Reversal.settings(
          1,
          Setting.integer("width", 256, 1, 65_536, "width of the discriminator"),
          Setting.flag("entropy", true, "whether examples the model is sure of count more"));

  /** Makes the method. */
  public Cdan() {
    super(ABOUT, weighted(1, "factor of the discriminator's loss", OWN), Looks.BOTH);
  }

  /**
   * A batch of one domain.
   *
   * @param features (N, D)
   * @param logits (N, K)
   */
  record Side(Tensor features, Tensor logits) {}

  /** The discriminator's loss with reversed gradients to the features. */
  static Tensor loss(
      Layer discriminator, Side source, Side target, double coefficient, boolean entropy) {
    Tensor probabilities =
        Nn.softmax(Discrimination.joined(source.logits, target.logits), -1).detach();
    Tensor features = Discrimination.joined(source.features, target.features);
    Tensor map = Discrimination.outer(probabilities, features);
    Tensor logits = discriminator.apply(Reversal.reverse(map, coefficient));
    Tensor weights = entropy ? Discrimination.entropyWeights(probabilities) : null;
    return Discrimination.loss(logits, source.features.size(0), weights);
  }

  /** The discriminator's loss. */
  public static final class Loss extends PairMethodTerm {

    /** Makes the term. */
    public Loss() {
      super(ABOUT, OWN);
    }

    @Override
    PairTerm bind(Settings own, Run run) {
      long in = run.model().featureCount() * run.task().labels().size();
      Sequential network = Discrimination.network(in, own.integer("width"), 1);
      Reversal reversal = Reversal.of(own);
      boolean entropy = own.flag("entropy");
      return PairTerm.onFeatures(
          run,
          new OwnLayers("cdan.discriminator", "", network),
          (source, target, progress) ->
              loss(
                  network,
                  new Side(source.features(), source.outputs().get("logits")),
                  new Side(target.features(), target.outputs().get("logits")),
                  reversal.coefficient(progress),
                  entropy));
    }
  }
}
