package dev.graft.regularization;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import java.util.List;

/**
 * Batch spectral penalisation: the largest singular values of the features, of each domain, are
 * held down, so that what discriminates does not drown beneath what transfers.
 */
public final class Bsp extends FeaturePenalty {

  private static final About ABOUT =
      new About(
          "bsp",
          "holds down the largest singular values of each domain's features",
          "Chen et al. 2019, ICML");

  private static final List<Setting> OWN =
      List.of(Setting.integer("k", 1, 1, 4096, "how many of the largest singular values count"));

  /** Makes the method. */
  public Bsp() {
    super(
        ABOUT, weighted(1e-4, "factor of the sum of their squares", OWN), /* everyDomain= */ true);
  }

  /** The sum of the largest squared singular values. */
  public static final class Loss extends OnEach {

    /** Makes the term. */
    public Loss() {
      super(ABOUT, OWN);
    }

    @Override
    OnFeatures penalty(Settings settings) {
      int k = settings.integer("k");
      return features -> Spectrum.largest(features, k);
    }
  }
}
