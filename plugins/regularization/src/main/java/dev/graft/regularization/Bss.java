package dev.graft.regularization;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Run;
import java.util.List;

/**
 * Batch spectral shrinkage: small singular values of the features of a batch belong to directions
 * that do not carry over, and are pressed to zero.
 */
public final class Bss extends FeaturePenalty {

  private static final About ABOUT =
      new About(
          "bss",
          "shrinks the smallest singular values of the batch's features",
          "Chen et al. 2019, NeurIPS; defaults: TLlib");

  private static final List<Setting> OWN =
      List.of(Setting.integer("k", 1, 1, 4096, "how many of the smallest singular values count"));

  /** Makes the method. */
  public Bss() {
    super(
        ABOUT,
        weighted(0.001, "factor of the sum of their squares", OWN),
        /* everyDomain= */ false);
  }

  /** The sum of the smallest squared singular values. */
  public static final class Loss extends OnEach {

    /** Makes the term. */
    public Loss() {
      super(ABOUT, OWN);
    }

    @Override
    OnFeatures penalty(Settings settings) {
      int k = settings.integer("k");
      return features -> Spectrum.smallest(features, k);
    }

    @Override
    int streams(Run run) {
      return 1;
    }
  }
}
