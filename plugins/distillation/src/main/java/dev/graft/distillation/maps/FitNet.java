package dev.graft.distillation.maps;

import dev.graft.distillation.Distillation;
import dev.graft.distillation.DistillationLoss;
import dev.graft.distillation.DistillationTerm;
import dev.graft.distillation.Looks;
import dev.graft.distillation.Setup;
import dev.graft.layers.Activation;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.tensor.Nn;
import java.util.List;

/** Hints: a regressor on a map in the middle of the student gives that of the teacher. */
public final class FitNet extends Distillation {

  /** Makes the method. */
  public FitNet() {
    super(
        new About(
            "fitnet",
            "regresses a feature map of the teacher from one of the student",
            "Romero et al. 2015, arXiv:1412.6550; defaults: mdistiller"),
        Looks.MIDDLE_MAP,
        Usual.weight(100));
  }

  @Override
  protected DistillationLoss bind(Settings settings, Setup setup) {
    Regressor regressor = Regressor.of(setup, 0, Activation.Function.RELU);
    return new RegressedLoss(
        List.of(regressor), (student, teacher) -> Nn.mseLoss(student.get(0), teacher.get(0)));
  }

  /** Its term. */
  public static final class Loss extends DistillationTerm {

    /** Makes the term. */
    public Loss() {
      super(new FitNet());
    }
  }
}
