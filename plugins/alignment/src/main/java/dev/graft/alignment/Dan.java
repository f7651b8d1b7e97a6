package dev.graft.alignment;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Run;
import dev.graft.tensor.Tensor;
import java.util.List;

/** DAN: the maximum mean discrepancy of features, over kernels of several widths. */
public final class Dan extends Alignment {

  private static final About ABOUT =
      new About(
          "dan",
          "maximum mean discrepancy of features, several kernels (MK-MMD)",
          "Long et al. 2015, ICML; defaults: TLlib");

  private static final List<Setting> OWN = List.of();

  /** Makes the method. */
  public Dan() {
    super(ABOUT, weighted(1, "factor of the discrepancy", OWN), Looks.FEATURES);
  }

  /** Discrepancy of features (N, D) and (M, D). */
  static Tensor loss(Tensor source, Tensor target) {
    Tensor kernel = Kernels.adaptive(Discrimination.joined(source, target), 0.5, 1, 2);
    return Kernels.discrepancy(kernel, source.size(0));
  }

  /** The discrepancy. */
  public static final class Loss extends PairMethodTerm {

    /** Makes the term. */
    public Loss() {
      super(ABOUT, OWN);
    }

    @Override
    PairTerm bind(Settings own, Run run) {
      return PairTerm.onFeatures(
          run, (source, target, progress) -> loss(source.features(), target.features()));
    }
  }
}
