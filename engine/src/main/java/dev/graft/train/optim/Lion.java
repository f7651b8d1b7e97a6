package dev.graft.train.optim;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Optimizer;
import dev.graft.tensor.Tensor;
import java.util.List;

/** Steps of one size in the direction of the momentum's sign. */
public final class Lion implements Optimizer {

  private static final About ABOUT =
      new About("lion", "sign of the momentum, decoupled decay", "Chen et al. 2023");
  private static final String MEAN = "exp_avg";
  private static final List<Setting> SETTINGS =
      List.of(
          Hyper.rate(1e-4),
          Hyper.decay(0, "share of the weight, times the learning rate, that an update removes"),
          Hyper.BETA1,
          Hyper.beta2(0.99));

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
    double beta1 = checked.number("beta1");
    double beta2 = checked.number("beta2");
    return SlotUpdater.oneByOne(
        ABOUT.id(),
        shares,
        List.of(MEAN),
        (slots, gradient, learningRate, momentum) -> {
          if (slots.decay() != 0) {
            slots.weight().mulInPlace(1 - learningRate * slots.decay());
          }
          Tensor mean = slots.get(MEAN);
          double keep = Hyper.moved(momentum, beta1);
          Tensor direction = mean.mul(keep);
          direction.addInPlace(gradient, 1 - keep);
          slots.weight().addInPlace(direction.sign(), -learningRate);
          mean.lerpInPlace(gradient, 1 - beta2);
        });
  }
}
