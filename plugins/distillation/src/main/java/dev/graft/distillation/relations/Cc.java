package dev.graft.distillation.relations;

import dev.graft.distillation.Distillation;
import dev.graft.distillation.DistillationLoss;
import dev.graft.distillation.DistillationTerm;
import dev.graft.distillation.Heard;
import dev.graft.distillation.Looks;
import dev.graft.distillation.Setup;
import dev.graft.layers.Linear;
import dev.graft.layers.Module;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Step;
import dev.graft.tensor.Tensor;
import java.util.Map;

/**
 * Correlation congruence between linear embeddings of both features, which train along. Loss, size
 * of the embeddings and weight are those of RepDistiller's scripts, which leave the paper's kernels
 * out.
 */
public final class Cc extends Distillation {

  /** Makes the method. */
  public Cc() {
    super(
        new About(
            "cc",
            "compares embeddings of neighbours in the batch",
            "Peng et al. 2019, arXiv:1904.01802; weight: RepDistiller"),
        Looks.FEATURES,
        Usual.weight(0.02),
        Setting.integer("dim", 128, 1, 65536, "size of the embeddings"));
  }

  @Override
  protected DistillationLoss bind(Settings settings, Setup setup) {
    int dim = settings.integer("dim");
    Linear ours = new Linear(setup.studentChannels(0), dim);
    Linear theirs = new Linear(setup.teacherChannels(0), dim);
    return new DistillationLoss() {
      @Override
      public Tensor of(Heard student, Heard teacher, Step.Part part) {
        return RelationLosses.congruence(ours.apply(student.last()), theirs.apply(teacher.last()));
      }

      @Override
      public Map<String, Module> parts() {
        return Map.of("student", ours, "teacher", theirs);
      }
    };
  }

  /** Its term. */
  public static final class Loss extends DistillationTerm {

    /** Makes the term. */
    public Loss() {
      super(new Cc());
    }
  }
}
