package dev.graft.distillation.maps;

import dev.graft.distillation.Distillation;
import dev.graft.distillation.DistillationLoss;
import dev.graft.distillation.DistillationTerm;
import dev.graft.distillation.Looks;
import dev.graft.distillation.Setup;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;

/** Compares attention maps: where, over the channels, the maps of each stage are active. */
public final class At extends Distillation {

  /** Makes the method. */
  public At() {
    super(
        new About(
            "at",
            "compares where feature maps are active",
            "Zagoruyko and Komodakis 2017, arXiv:1612.03928; defaults: mdistiller"),
        Looks.MAPS,
        Usual.weight(1000),
        Setting.number("p", 2, 1, 8, "power of the values before their mean over channels"));
  }

  @Override
  protected DistillationLoss bind(Settings settings, Setup setup) {
    double power = settings.number("p");
    return (student, teacher, part) -> MapLosses.attention(student.taps(), teacher.taps(), power);
  }

  /** Its term. */
  public static final class Loss extends DistillationTerm {

    /** Makes the term. */
    public Loss() {
      super(new At());
    }
  }
}
