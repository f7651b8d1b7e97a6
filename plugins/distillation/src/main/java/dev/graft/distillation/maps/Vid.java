package dev.graft.distillation.maps;

import dev.graft.distillation.Distillation;
import dev.graft.distillation.DistillationLoss;
import dev.graft.distillation.DistillationTerm;
import dev.graft.distillation.Looks;
import dev.graft.distillation.Setup;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import java.util.ArrayList;
import java.util.List;

/** Variational information distillation: a Gaussian around what a regressor says of the teacher. */
public final class Vid extends Distillation {

  /** Makes the method. */
  public Vid() {
    super(
        new About(
            "vid",
            "keeps the information that student and teacher share",
            "Ahn et al. 2019, arXiv:1904.05835; defaults: mdistiller"),
        Looks.MAPS,
        Usual.weight(1),
        Setting.number("variance", 5, 0.001, 1000, "variance of each channel before training"));
  }

  @Override
  protected DistillationLoss bind(Settings settings, Setup setup) {
    List<VariationalRegressor> regressors = new ArrayList<>();
    for (int i = 0; i < setup.student().size(); i++) {
      regressors.add(
          new VariationalRegressor(
              setup.studentChannels(i), setup.teacherChannels(i), settings.number("variance")));
    }
    return new VariationalLoss(regressors);
  }

  /** Its term. */
  public static final class Loss extends DistillationTerm {

    /** Makes the term. */
    public Loss() {
      super(new Vid());
    }
  }
}
