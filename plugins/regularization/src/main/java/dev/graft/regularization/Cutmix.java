package dev.graft.regularization;

import dev.graft.layers.Conv2d;
import dev.graft.plan.Regime;
import dev.graft.spi.About;
import dev.graft.spi.Subject;

/**
 * CutMix: a rectangle of each picture comes from another one of its batch, and that share of the
 * label too. With mixup beside it, each batch takes one of the two.
 */
public final class Cutmix extends MixedBatches {

  /** Makes the method. */
  public Cutmix() {
    super(
        new About(
            "cutmix",
            "pastes a rectangle of another picture, and its share of the label",
            "Yun et al. 2019, ICCV, arXiv:1905.04899"),
        1);
  }

  @Override
  Regime mixing(Regime regime, double alpha) {
    return regime.withMixing(regime.mixup(), alpha);
  }

  @Override
  String objection(Subject subject) {
    boolean pictures =
        subject.model().modules().values().stream().anyMatch(Conv2d.class::isInstance);
    return pictures ? "" : "the network reads no pictures";
  }
}
