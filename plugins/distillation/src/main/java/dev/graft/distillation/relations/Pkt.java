package dev.graft.distillation.relations;

import dev.graft.distillation.Distillation;
import dev.graft.distillation.DistillationLoss;
import dev.graft.distillation.DistillationTerm;
import dev.graft.distillation.Looks;
import dev.graft.distillation.Setup;
import dev.graft.plan.Settings;
import dev.graft.spi.About;

/** Probabilistic transfer: how likely one example is the neighbour of another. */
public final class Pkt extends Distillation {

  /** Makes the method. */
  public Pkt() {
    super(
        new About(
            "pkt",
            "compares the distribution over neighbours of each example",
            "Passalis and Tefas 2018 (Probabilistic Knowledge Transfer), arXiv:1803.10837;"
                + " defaults: mdistiller"),
        Looks.FEATURES,
        Usual.weight(30000));
  }

  @Override
  protected DistillationLoss bind(Settings settings, Setup setup) {
    return (student, teacher, part) -> RelationLosses.neighbours(student.last(), teacher.last());
  }

  /** Its term. */
  public static final class Loss extends DistillationTerm {

    /** Makes the term. */
    public Loss() {
      super(new Pkt());
    }
  }
}
