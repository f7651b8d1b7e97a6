package dev.graft.regularization;

import dev.graft.plan.Regime;
import dev.graft.spi.About;
import dev.graft.spi.Subject;

/** Mixup: each example is blended with another one of its batch, and so are the labels. */
public final class Mixup extends MixedBatches {

  /** Makes the method. */
  public Mixup() {
    super(
        new About(
            "mixup",
            "blends pairs of examples and their labels",
            "Zhang et al. 2018, ICLR, arXiv:1710.09412"),
        0.2);
  }

  @Override
  Regime mixing(Regime regime, double alpha) {
    return regime.withMixing(alpha, regime.cutmix());
  }

  @Override
  String objection(Subject subject) {
    return "";
  }
}
