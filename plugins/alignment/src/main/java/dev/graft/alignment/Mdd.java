package dev.graft.alignment;

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
 * MDD: a second head that agrees with the first on the source and disagrees on the target, as far
 * as the features let it; the features are moved against it.
 */
public final class Mdd extends Alignment {

  private static final About ABOUT =
      new About(
          "mdd",
          "margin disparity discrepancy between two heads",
          "Zhang et al. 2019, ICML; defaults: TLlib");

  private static final double OFFSET = 1e-6;

  private static final List<Setting> OWN =
      Reversal.settings(
          0.1,
          Setting.number("margin", 4, 0, 100, "how much agreement on the source counts"),
          Setting.integer("width", 256, 1, 65_536, "width of the second head"));

  /** Makes the method. */
  public Mdd() {
    super(ABOUT, weighted(1, "factor of the discrepancy", OWN), Looks.BOTH);
  }

  /**
   * Logits of both heads on one domain.
   *
   * @param main (N, K) of the head that predicts
   * @param second (N, K) of the other
   */
  record Heads(Tensor main, Tensor second) {}

  /** The discrepancy, at most 0: the second head makes it as large as it can. */
  static Tensor discrepancy(Heads source, Heads target, double margin) {
    Tensor agreement =
        Nn.crossEntropy(source.second, Discrimination.labels(source.main), 0).mul(-margin);
    Tensor doubt = Nn.softmax(target.second, -1).neg().add(1 + OFFSET);
    Tensor picked =
        doubt.gather(1, Discrimination.labels(target.main).unsqueeze(1)).clamp(0, 1).log();
    return agreement.add(picked.mean());
  }

  /** Minus the discrepancy. */
  public static final class Loss extends PairMethodTerm {

    /** Makes the term. */
    public Loss() {
      super(ABOUT, OWN);
    }

    @Override
    PairTerm bind(Settings own, Run run) {
      Sequential second =
          Discrimination.head(
              run.model().featureCount(), own.integer("width"), run.task().labels().size());
      Reversal reversal = Reversal.of(own);
      double margin = own.number("margin");
      return PairTerm.onFeatures(
          run,
          new OwnLayers("mdd.head", "", second),
          (source, target, progress) -> {
            double factor = reversal.coefficient(progress);
            Tensor ofSource = second.apply(Reversal.reverse(source.features(), factor));
            Tensor ofTarget = second.apply(Reversal.reverse(target.features(), factor));
            return discrepancy(
                    new Heads(source.outputs().get("logits"), ofSource),
                    new Heads(target.outputs().get("logits"), ofTarget),
                    margin)
                .neg();
          });
    }
  }
}
