package dev.graft.regularization;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.tensor.Tensor;
import java.util.List;

/**
 * Adaptive feature norm, stepwise: features with larger norms transfer better, so every example's
 * norm is asked to grow by a step in each update.
 */
public final class Afn extends FeaturePenalty {

  private static final About ABOUT =
      new About(
          "afn",
          "lets the norm of each example's features grow step by step",
          "Xu et al. 2019, ICCV; defaults: TLlib");

  private static final List<Setting> OWN =
      List.of(Setting.number("delta", 1, 0, 1000, "by how much a norm is to grow per update"));

  /** Makes the method. */
  public Afn() {
    super(
        ABOUT,
        weighted(0.05, "factor of the squared distance to the larger norm", OWN),
        /* everyDomain= */ true);
  }

  /** Mean squared distance of norms to themselves plus a step; features (N, D). */
  static Tensor loss(Tensor features, double delta) {
    // Below this a norm has no usable gradient.
    Tensor norms = features.pow(2).sum(false, 1).add(1e-24).sqrt();
    return norms.sub(norms.detach().add(delta)).pow(2).mean();
  }

  /** The distance to the larger norm. */
  public static final class Loss extends OnEach {

    /** Makes the term. */
    public Loss() {
      super(ABOUT, OWN);
    }

    @Override
    OnFeatures penalty(Settings settings) {
      double delta = settings.number("delta");
      return features -> loss(features, delta);
    }
  }
}
