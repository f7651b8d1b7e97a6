package dev.graft.distillation.maps;

import dev.graft.distillation.Distillation;
import dev.graft.distillation.DistillationLoss;
import dev.graft.distillation.DistillationTerm;
import dev.graft.distillation.Looks;
import dev.graft.distillation.Setup;
import dev.graft.layers.Activation;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.tensor.Tensor;
import java.util.List;

/**
 * Activation boundaries: the student learns which units of the teacher are active, not how much.
 *
 * <p>The weight is 1, as in RepDistiller's scripts, over its own factor of 3/1000 per example,
 * which is part of the loss here too. The published training makes a stage of it; here it is added.
 */
public final class Ab extends Distillation {

  /** Makes the method. */
  public Ab() {
    super(
        new About(
            "ab",
            "learns where the teacher's units switch on",
            "Heo et al. 2019, arXiv:1811.03233; RepDistiller"),
        Looks.MAPS,
        Usual.weight(1),
        Setting.number("margin", 1, 0, 100, "how far beyond the boundary a response must lie"));
  }

  @Override
  protected DistillationLoss bind(Settings settings, Setup setup) {
    double margin = settings.number("margin");
    return new RegressedLoss(
        Regressor.all(setup, Activation.Function.IDENTITY),
        (student, teacher) -> loss(student, teacher, margin));
  }

  /** The last stage counts fully, each one before it half as much as its successor. */
  private static Tensor loss(List<Tensor> student, List<Tensor> teacher, double margin) {
    Tensor sum = Tensor.scalar(0);
    for (int i = 0; i < student.size(); i++) {
      double weight = Math.pow(2, i - student.size() + 1);
      sum = sum.add(MapLosses.boundary(student.get(i), teacher.get(i), margin).mul(weight));
    }
    return sum;
  }

  /** Its term. */
  public static final class Loss extends DistillationTerm {

    /** Makes the term. */
    public Loss() {
      super(new Ab());
    }
  }
}
