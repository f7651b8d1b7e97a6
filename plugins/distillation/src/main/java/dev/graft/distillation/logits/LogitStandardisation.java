package dev.graft.distillation.logits;

import dev.graft.distillation.Distillation;
import dev.graft.distillation.DistillationLoss;
import dev.graft.distillation.DistillationTerm;
import dev.graft.distillation.Looks;
import dev.graft.distillation.Setup;
import dev.graft.plan.Settings;
import dev.graft.spi.About;

/**
 * KD between logits with mean 0 and deviation 1 in each row: the student need not reach the
 * teacher's range.
 */
public final class LogitStandardisation extends Distillation {

  /** Makes the method. */
  public LogitStandardisation() {
    super(
        new About(
            "logit-standardization",
            "kd between logits scaled to mean 0 and deviation 1",
            "Sun et al. 2024, arXiv:2403.01427"),
        Looks.LOGITS,
        new Usual(9, 0.1, 0),
        Kd.temperature(2));
  }

  @Override
  protected DistillationLoss bind(Settings settings, Setup setup) {
    double temperature = settings.number("temperature");
    return (student, teacher, part) ->
        LogitLosses.kd(
            LogitLosses.standardised(student.logits()),
            LogitLosses.standardised(teacher.logits()),
            temperature);
  }

  /** Its term. */
  public static final class Loss extends DistillationTerm {

    /** Makes the term. */
    public Loss() {
      super(new LogitStandardisation());
    }
  }
}
