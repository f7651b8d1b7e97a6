package dev.graft.distillation.logits;

import dev.graft.distillation.Distillation;
import dev.graft.distillation.DistillationLoss;
import dev.graft.distillation.DistillationTerm;
import dev.graft.distillation.Looks;
import dev.graft.distillation.Setup;
import dev.graft.plan.Regime;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;

/** Weighs what the teacher says about the target class and about the others apart. */
public final class Dkd extends Distillation {

  /** Makes the method. */
  public Dkd() {
    super(
        new About(
            "dkd",
            "kd with the target class and the other classes weighed apart",
            "Zhao et al. 2022, arXiv:2203.08679; defaults: mdistiller"),
        Looks.LOGITS,
        new Usual(1, 1, 20),
        Kd.temperature(4),
        Setting.number("alpha", 1, 0, 1000, "factor of the target class against the others"),
        Setting.number("beta", 8, 0, 1000, "factor of the divergence among the other classes"));
  }

  @Override
  protected DistillationLoss bind(Settings settings, Setup setup) {
    Regime regime = setup.run().phase().regime();
    if (regime.mixup() > 0 || regime.cutmix() > 0) {
      throw refused("it needs one label per example, and mixup and cutmix mix them; take kd");
    }
    double temperature = settings.number("temperature");
    double alpha = settings.number("alpha");
    double beta = settings.number("beta");
    return (student, teacher, part) ->
        LogitLosses.decoupled(
                student.logits(), teacher.logits(), part.targets().get("labels"), temperature)
            .weighted(alpha, beta);
  }

  /** Its term. */
  public static final class Loss extends DistillationTerm {

    /** Makes the term. */
    public Loss() {
      super(new Dkd());
    }
  }
}
