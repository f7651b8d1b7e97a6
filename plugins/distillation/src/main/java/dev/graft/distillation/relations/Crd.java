package dev.graft.distillation.relations;

import dev.graft.distillation.Distillation;
import dev.graft.distillation.DistillationLoss;
import dev.graft.distillation.DistillationTerm;
import dev.graft.distillation.Looks;
import dev.graft.distillation.Setup;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;

/** Contrastive distillation against a memory of the features of all training examples. */
public final class Crd extends Distillation {

  /** Makes the method. */
  public Crd() {
    super(
        new About(
            "crd",
            "tells each example from others by the teacher's features",
            "Tian et al. 2020, arXiv:1910.10699; defaults: mdistiller"),
        Looks.FEATURES,
        Usual.weight(0.8),
        Setting.integer("dim", 128, 1, 65536, "size of the embeddings"),
        Setting.integer(
            "negatives", 16384, 1, 1 << 20, "others per example, at most as many as there are"),
        Setting.number("temperature", 0.07, 0.001, 100, "what similarities are divided by"),
        Setting.number(
            "momentum", 0.5, 0, 1, "share of what the memory held when an example comes again"));
  }

  @Override
  protected DistillationLoss bind(Settings settings, Setup setup) {
    return new ContrastLoss(setup, settings);
  }

  /** Its term. */
  public static final class Loss extends DistillationTerm {

    /** Makes the term. */
    public Loss() {
      super(new Crd());
    }
  }
}
