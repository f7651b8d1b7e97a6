package dev.graft.distillation.maps;

import dev.graft.distillation.Distillation;
import dev.graft.distillation.DistillationLoss;
import dev.graft.distillation.DistillationTerm;
import dev.graft.distillation.Looks;
import dev.graft.distillation.Setup;
import dev.graft.plan.Settings;
import dev.graft.spi.About;

/**
 * Neuron selectivity transfer: the channels of a stage are samples, and both sets should look
 * alike.
 */
public final class Nst extends Distillation {

  /** Makes the method. */
  public Nst() {
    super(
        new About(
            "nst",
            "matches the distribution of channel responses",
            "Huang and Wang 2017, arXiv:1707.01219; defaults: mdistiller"),
        Looks.MAPS,
        Usual.weight(50));
  }

  @Override
  protected DistillationLoss bind(Settings settings, Setup setup) {
    return (student, teacher, part) -> MapLosses.neuronSelectivity(student.taps(), teacher.taps());
  }

  /** Its term. */
  public static final class Loss extends DistillationTerm {

    /** Makes the term. */
    public Loss() {
      super(new Nst());
    }
  }
}
