package dev.graft.distillation.maps;

import dev.graft.distillation.Distillation;
import dev.graft.distillation.DistillationLoss;
import dev.graft.distillation.DistillationTerm;
import dev.graft.distillation.Looks;
import dev.graft.distillation.Setup;
import dev.graft.plan.Settings;
import dev.graft.spi.About;

/**
 * Knowledge review: maps of the student, fused from the last stage backwards, give the teacher's.
 */
public final class ReviewKd extends Distillation {

  /** Makes the method. */
  public ReviewKd() {
    super(
        new About(
            "reviewkd",
            "each stage of the teacher is learned from all later ones",
            "Chen et al. 2021, arXiv:2104.09044; defaults: mdistiller"),
        Looks.MAPS,
        new Usual(5, 1, 20));
  }

  @Override
  protected DistillationLoss bind(Settings settings, Setup setup) {
    return new ReviewLoss(setup);
  }

  /** Its term. */
  public static final class Loss extends DistillationTerm {

    /** Makes the term. */
    public Loss() {
      super(new ReviewKd());
    }
  }
}
