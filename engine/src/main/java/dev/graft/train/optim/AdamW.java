package dev.graft.train.optim;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Optimizer;
import java.util.List;

/** Adam with weight decay that bypasses the moments: the weight itself shrinks by lr · decay. */
public final class AdamW implements Optimizer {

  private static final About ABOUT =
      new About("adamw", "Adam with decoupled weight decay", "Loshchilov and Hutter 2019");
  private static final List<Setting> SETTINGS =
      List.of(
          Hyper.rate(1e-3),
          Hyper.decay(0.01, "share of the weight, times the learning rate, that an update removes"),
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
        ABOUT.id(), shares, Moments.NAMES, momentum -> moments.rule(momentum, true));
  }
}
