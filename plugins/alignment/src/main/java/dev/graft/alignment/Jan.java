package dev.graft.alignment;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Run;
import dev.graft.spi.Step;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import java.util.List;

/** JAN: the maximum mean discrepancy of features and predictions taken together. */
public final class Jan extends Alignment {

  private static final About ABOUT =
      new About(
          "jan",
          "maximum mean discrepancy of features and predictions jointly (JMMD)",
          "Long et al. 2017, ICML; defaults: TLlib");

  private static final List<Setting> OWN =
      List.of(Setting.number("sigma", 0.92, 1e-3, 1e3, "width of the kernel over predictions"));

  /** Makes the method. */
  public Jan() {
    super(ABOUT, weighted(1, "factor of the discrepancy", OWN), Looks.BOTH);
  }

  /**
   * Discrepancy of pairs of features and probabilities.
   *
   * @param features rows of both domains, the source's first
   * @param probabilities of the same rows
   * @param source number of rows of the source
   */
  static Tensor loss(Tensor features, Tensor probabilities, long source, double sigma) {
    Tensor kernel = Kernels.adaptive(features, 0.5, 1, 2).mul(Kernels.fixed(probabilities, sigma));
    return Kernels.discrepancy(kernel, source);
  }

  /** The discrepancy. */
  public static final class Loss extends PairMethodTerm {

    /** Makes the term. */
    public Loss() {
      super(ABOUT, OWN);
    }

    @Override
    PairTerm bind(Settings own, Run run) {
      double sigma = own.number("sigma");
      return PairTerm.onFeatures(
          run,
          (source, target, progress) ->
              loss(
                  Discrimination.joined(source.features(), target.features()),
                  Discrimination.joined(probabilities(source), probabilities(target)),
                  source.features().size(0),
                  sigma));
    }

    private static Tensor probabilities(Step.Part part) {
      return Nn.softmax(part.outputs().get("logits"), -1);
    }
  }
}
