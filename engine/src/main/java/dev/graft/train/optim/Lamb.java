package dev.graft.train.optim;

import dev.graft.model.Parameter;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Optimizer;
import dev.graft.tensor.Tensor;
import java.util.List;

/** Adam whose update of each tensor is scaled to that tensor's own norm, for large batches. */
public final class Lamb implements Optimizer {

  private static final About ABOUT =
      new About("lamb", "Adam with a trust ratio per tensor", "You et al. 2020");
  private static final List<Setting> SETTINGS =
      List.of(
          Hyper.rate(1e-3),
          Hyper.decay(0.01, "factor of the weight that is added to its update"),
          Hyper.BETA1,
          Hyper.beta2(0.999),
          Hyper.eps(1e-6),
          Setting.number("max_grad_norm", 1, 0, 1e6, "bound on the global gradient norm; 0: none"),
          Setting.flag("trust_clip", false, "whether the trust ratio is at most 1"),
          Setting.flag("always_adapt", false, "whether tensors without decay have a ratio too"));

  @Override
  public About about() {
    return ABOUT;
  }

  @Override
  public List<Setting> settings() {
    return SETTINGS;
  }

  @Override
  public Updater create(List<Share> shares, Settings settings) {
    Settings checked = settings.checked(ABOUT.id(), SETTINGS);
    Rule rule =
        new Rule(
            Moments.of(checked),
            checked.number("max_grad_norm"),
            checked.flag("trust_clip"),
            checked.flag("always_adapt"));
    return SlotUpdater.oneByOne(ABOUT.id(), shares, Moments.NAMES, rule);
  }

  private record Rule(Moments moments, double maxNorm, boolean clip, boolean always)
      implements SlotUpdater.Rule {

    @Override
    public double gradientScale(List<Parameter> parameters) {
      double norm = maxNorm == 0 ? 0 : Gradients.norm(parameters);
      return norm > maxNorm ? maxNorm / norm : 1;
    }

    @Override
    public void update(Slots slots, Tensor gradient, double learningRate, double momentum) {
      moments.update(slots, gradient, momentum);
      Tensor update = slots.get("exp_avg").div(moments.denominator(slots));
      update.mulInPlace(1 / moments.correction(slots, momentum));
      if (slots.decay() != 0) {
        update.addInPlace(slots.weight(), slots.decay());
      }
      double ratio = slots.decay() != 0 || always ? trust(slots.weight(), update) : 1;
      slots.weight().addInPlace(update, -learningRate * ratio);
    }

    private double trust(Tensor weight, Tensor update) {
      double weightNorm = weight.norm().item();
      double updateNorm = update.norm().item();
      double ratio = weightNorm > 0 && updateNorm > 0 ? weightNorm / updateNorm : 1;
      return clip ? Math.min(1, ratio) : ratio;
    }
  }
}
