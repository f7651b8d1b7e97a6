package dev.graft.distillation.maps;

import dev.graft.distillation.Distillation;
import dev.graft.distillation.DistillationLoss;
import dev.graft.distillation.DistillationTerm;
import dev.graft.distillation.Looks;
import dev.graft.distillation.Setup;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;

/**
 * Compares how the leading singular vectors of a stage lie to those of the stage before it. Weight
 * and number of vectors are mdistiller's.
 */
public final class KdSvd extends Distillation {

  /** Makes the method. */
  public KdSvd() {
    super(
        new About(
            "kdsvd",
            "compares leading singular vectors of neighbouring stages",
            "Lee et al. 2018, arXiv:1807.06819; mdistiller"),
        Looks.MAPS,
        Usual.weight(1),
        Setting.integer("k", 1, 1, 16, "singular vectors of the teacher per stage"));
  }

  @Override
  protected DistillationLoss bind(Settings settings, Setup setup) {
    if (setup.student().size() < 2) {
      throw refused("it compares a stage with the one before and needs at least two taps");
    }
    int k = settings.integer("k");
    return (student, teacher, part) -> SingularVectors.loss(student.taps(), teacher.taps(), k);
  }

  /** Its term. */
  public static final class Loss extends DistillationTerm {

    /** Makes the term. */
    public Loss() {
      super(new KdSvd());
    }
  }
}
