package dev.graft.distillation.logits;

import dev.graft.distillation.Distillation;
import dev.graft.distillation.DistillationLoss;
import dev.graft.distillation.DistillationTerm;
import dev.graft.distillation.Looks;
import dev.graft.distillation.Setup;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;

/** Learns the teacher's softened classes: {@code 0.1 · CE + 0.9 · T² · KL}. */
public final class Kd extends Distillation {

  /** Makes the method. */
  public Kd() {
    super(
        new About(
            "kd",
            "learns the teacher's softened class probabilities",
            "Hinton et al. 2015, arXiv:1503.02531; defaults: mdistiller"),
        Looks.LOGITS,
        new Usual(0.9, 0.1, 0),
        temperature(4));
  }

  static Setting temperature(double initial) {
    return Setting.number("temperature", initial, 0.01, 100, "what logits are divided by");
  }

  @Override
  protected DistillationLoss bind(Settings settings, Setup setup) {
    double temperature = settings.number("temperature");
    return (student, teacher, part) ->
        LogitLosses.kd(student.logits(), teacher.logits(), temperature);
  }

  /** Its term. */
  public static final class Loss extends DistillationTerm {

    /** Makes the term. */
    public Loss() {
      super(new Kd());
    }
  }
}
