package dev.graft.distillation.relations;

import dev.graft.distillation.Distillation;
import dev.graft.distillation.DistillationLoss;
import dev.graft.distillation.DistillationTerm;
import dev.graft.distillation.Looks;
import dev.graft.distillation.Setup;
import dev.graft.plan.Settings;
import dev.graft.spi.About;

/**
 * Similarity-preserving distillation: examples alike to the teacher should be alike to the student.
 */
public final class Sp extends Distillation {

  /** Makes the method. */
  public Sp() {
    super(
        new About(
            "sp",
            "compares which examples activate a network alike",
            "Tung and Mori 2019, arXiv:1907.09682; defaults: mdistiller"),
        Looks.LAST_MAP,
        Usual.weight(3000));
  }

  @Override
  protected DistillationLoss bind(Settings settings, Setup setup) {
    return (student, teacher, part) -> RelationLosses.similarity(student.last(), teacher.last());
  }

  /** Its term. */
  public static final class Loss extends DistillationTerm {

    /** Makes the term. */
    public Loss() {
      super(new Sp());
    }
  }
}
