package dev.graft.train.optim;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Optimizer;
import dev.graft.tensor.Tensor;
import java.util.List;

/** Adam; its weight decay is an L2 penalty, so that it passes through the moments. */
public final class Adam implements Optimizer {

  private static final About ABOUT =
      new About("adam", "adaptive moments, decay as an L2 penalty", "Kingma and Ba 2015");
  private static final List<Setting> SETTINGS =
      List.of(
          Hyper.rate(1e-3),
          Hyper.decay(0, "factor of the weight that is added to its gradient"),
          Hyper.BETA1,
          Hyper.beta2(0.999),
          Hyper.eps(1e-8));

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
    Moments moments = Moments.of(settings.checked(ABOUT.id(), SETTINGS));
    return SlotUpdater.together(
        ABOUT.id(), shares, Moments.NAMES, momentum -> moments.rule(momentum, false));
  }

  /** The gradient with that of the L2 penalty of the parameter's decay. */
  static Tensor penalised(Slots slots, Tensor gradient) {
    if (slots.decay() == 0) {
      return gradient;
    }
    Tensor sum = gradient.copy();
    sum.addInPlace(slots.weight(), slots.decay());
    return sum;
  }
}
