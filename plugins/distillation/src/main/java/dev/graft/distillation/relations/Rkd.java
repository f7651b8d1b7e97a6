package dev.graft.distillation.relations;

import dev.graft.distillation.Distillation;
import dev.graft.distillation.DistillationLoss;
import dev.graft.distillation.DistillationTerm;
import dev.graft.distillation.Looks;
import dev.graft.distillation.Setup;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;

/** Relational distillation: distances between two examples, and angles between three. */
public final class Rkd extends Distillation {

  /** Makes the method. */
  public Rkd() {
    super(
        new About(
            "rkd",
            "compares distances and angles between examples",
            "Park et al. 2019, arXiv:1904.05068; defaults: mdistiller"),
        Looks.FEATURES,
        Usual.weight(1),
        Setting.number("distance", 25, 0, 1e6, "factor of the distances"),
        Setting.number("angle", 50, 0, 1e6, "factor of the angles"));
  }

  @Override
  protected DistillationLoss bind(Settings settings, Setup setup) {
    double distance = settings.number("distance");
    double angle = settings.number("angle");
    return (student, teacher, part) ->
        RelationLosses.distances(student.last(), teacher.last())
            .mul(distance)
            .add(RelationLosses.angles(student.last(), teacher.last()).mul(angle));
  }

  /** Its term. */
  public static final class Loss extends DistillationTerm {

    /** Makes the term. */
    public Loss() {
      super(new Rkd());
    }
  }
}
