package dev.graft.train.optim;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Optimizer;
import dev.graft.tensor.UpdateRule;
import java.util.List;

/** Stochastic gradient descent with momentum, plain or Nesterov's. */
public final class Sgd implements Optimizer {

  private static final About ABOUT =
      new About(
          "sgd", "gradient descent with momentum", "Sutskever et al. 2013; decoupled decay: SGDW");
  private static final List<Setting> SETTINGS =
      List.of(
          Hyper.rate(0.01),
          Hyper.decay(0, "factor of the weight that is added to its gradient"),
          Hyper.momentum(),
          Setting.number("dampening", 0, 0, 1, "share of the gradient kept out of the momentum"),
          Setting.flag("nesterov", false, "whether the momentum looks one update ahead"),
          Setting.flag("decoupled", false, "whether decay shrinks the weight itself (SGDW)"));

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
    double momentum = checked.number("momentum");
    double dampening = checked.number("dampening");
    boolean nesterov = checked.flag("nesterov");
    boolean decoupled = checked.flag("decoupled");
    if (nesterov && (momentum == 0 || dampening != 0)) {
      throw new IllegalArgumentException(
          "sgd: nesterov needs momentum above 0 and dampening 0; they are %s and %s"
              .formatted(momentum, dampening));
    }
    UpdateRule.Sgd rule = new UpdateRule.Sgd(momentum, dampening, nesterov, decoupled);
    return SlotUpdater.together(
        ABOUT.id(),
        shares,
        List.of("momentum_buffer"),
        scheduled -> rule.withMomentum(Hyper.moved(scheduled, momentum)));
  }
}
