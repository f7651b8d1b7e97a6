package dev.graft.distillation.maps;

import dev.graft.distillation.Distillation;
import dev.graft.distillation.DistillationLoss;
import dev.graft.distillation.DistillationTerm;
import dev.graft.distillation.Looks;
import dev.graft.distillation.Setup;
import dev.graft.plan.Settings;
import dev.graft.spi.About;

/**
 * Compares the flow of solution procedure: products of channels of one stage with those of the
 * next. The paper trains with it before anything else; here it is added to the task's loss, with
 * the weight of RepDistiller's scripts.
 */
public final class Fsp extends Distillation {

  /** Makes the method. */
  public Fsp() {
    super(
        new About(
            "fsp",
            "compares the flow from stage to stage",
            "Yim et al. 2017 (A Gift from Knowledge Distillation); weight: RepDistiller"),
        Looks.MAPS,
        Usual.weight(50));
  }

  @Override
  protected DistillationLoss bind(Settings settings, Setup setup) {
    if (setup.student().size() < 2) {
      throw refused("it compares a stage with the next and needs at least two taps");
    }
    setup.requireEqualChannels(about().id());
    return (student, teacher, part) -> MapLosses.flow(student.taps(), teacher.taps());
  }

  /** Its term. */
  public static final class Loss extends DistillationTerm {

    /** Makes the term. */
    public Loss() {
      super(new Fsp());
    }
  }
}
