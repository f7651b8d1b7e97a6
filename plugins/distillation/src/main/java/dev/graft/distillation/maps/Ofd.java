package dev.graft.distillation.maps;

import dev.graft.distillation.Distillation;
import dev.graft.distillation.DistillationLoss;
import dev.graft.distillation.DistillationTerm;
import dev.graft.distillation.Looks;
import dev.graft.distillation.Setup;
import dev.graft.layers.Activation;
import dev.graft.plan.Settings;
import dev.graft.spi.About;

/**
 * Overhaul of feature distillation: regresses the teacher's responses, those far below zero cut
 * off.
 *
 * <p>The cut of a channel is the mean of its negative responses over the training part; where a tap
 * lies behind a ReLU there are none, and the cut is 0.
 *
 * <p>mdistiller's weight is 0.001 for the sum over an example's maps; that factor is part of the
 * loss here, so that the weight is 1.
 */
public final class Ofd extends Distillation {

  /** Makes the method. */
  public Ofd() {
    super(
        new About(
            "ofd",
            "learns the responses that matter before an activation",
            "Heo et al. 2019 (A Comprehensive Overhaul), arXiv:1904.01866; mdistiller"),
        Looks.MAPS,
        Usual.weight(1));
  }

  @Override
  protected DistillationLoss bind(Settings settings, Setup setup) {
    return new OverhaulLoss(Regressor.all(setup, Activation.Function.IDENTITY), setup);
  }

  /** Its term. */
  public static final class Loss extends DistillationTerm {

    /** Makes the term. */
    public Loss() {
      super(new Ofd());
    }
  }
}
