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
 * Factor transfer: a paraphraser packs the teacher's last map into factors, a translator packs the
 * student's, and the factors should agree. The paraphraser trains along, by its own error of
 * reconstruction, in place of a stage before.
 *
 * <p>The weight is the β of the authors' code, for the mean absolute difference of factors that
 * have length 1 over channels and positions, as here. RepDistiller's 200 belongs to another loss:
 * its factors are means over channels of squares. The factor of the reconstruction is 1 over the
 * weight, so that the paraphraser learns as fast as in a stage of its own.
 */
public final class Ft extends Distillation {

  /** Makes the method. */
  public Ft() {
    super(
        new About(
            "ft",
            "learns a code of the teacher's map by its own translator",
            "Kim et al. 2018, arXiv:1802.04977; weight: the authors' code"),
        Looks.LAST_MAP,
        Usual.weight(500),
        Setting.number("rate", 0.5, 0.01, 4, "channels of the factors over those of the teacher"),
        Setting.number(
            "reconstruction", 0.002, 0, 100, "factor of the paraphraser's own error in this loss"));
  }

  @Override
  protected DistillationLoss bind(Settings settings, Setup setup) {
    return new FactorLoss(setup, settings.number("rate"), settings.number("reconstruction"));
  }

  /** Its term. */
  public static final class Loss extends DistillationTerm {

    /** Makes the term. */
    public Loss() {
      super(new Ft());
    }
  }
}
