package dev.graft.train.optim;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Optimizer;
import dev.graft.tensor.Tensor;
import java.util.List;

/** Stochastic gradient descent with momentum, plain or Nesterov's. */
public final class Sgd implements Optimizer {

  private static final About ABOUT =
      new About(
          "sgd", "gradient descent with momentum", "Sutskever et al. 2013; decoupled decay: SGDW");
  private static final String BUFFER = "momentum_buffer";
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
    Rule rule =
        new Rule(
            checked.number("momentum"),
            checked.number("dampening"),
            checked.flag("nesterov"),
            checked.flag("decoupled"));
    return new SlotUpdater(ABOUT.id(), shares, List.of(BUFFER), rule);
  }

  private record Rule(double momentum, double dampening, boolean nesterov, boolean decoupled)
      implements SlotUpdater.Rule {

    Rule {
      if (nesterov && (momentum == 0 || dampening != 0)) {
        throw new IllegalArgumentException(
            "sgd: nesterov needs momentum above 0 and dampening 0; they are %s and %s"
                .formatted(momentum, dampening));
      }
    }

    @Override
    public void update(Slots slots, Tensor gradient, double learningRate, double scheduled) {
      if (decoupled && slots.decay() != 0) {
        slots.weight().mulInPlace(1 - learningRate * slots.decay());
      }
      Tensor direction = decoupled ? gradient : Adam.penalised(slots, gradient);
      double keep = Hyper.moved(scheduled, momentum);
      if (keep != 0) {
        Tensor buffer = accumulate(slots, direction, keep);
        if (nesterov) {
          direction = direction.copy();
          direction.addInPlace(buffer, keep);
        } else {
          direction = buffer;
        }
      }
      slots.weight().addInPlace(direction, -learningRate);
    }

    /** The first gradient enters whole, later ones are dampened. */
    private Tensor accumulate(Slots slots, Tensor direction, double keep) {
      if (!slots.has(BUFFER)) {
        return slots.put(BUFFER, direction.copy());
      }
      Tensor buffer = slots.get(BUFFER);
      buffer.mulInPlace(keep);
      buffer.addInPlace(direction, 1 - dampening);
      return buffer;
    }
  }
}
