package dev.graft.train.optim;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Optimizer;
import dev.graft.tensor.Tensor;
import java.util.List;

/** Gradients divided by the root of a running mean of their squares. */
public final class RmsProp implements Optimizer {

  private static final About ABOUT =
      new About(
          "rmsprop",
          "gradients scaled by their running magnitude",
          "Tieleman and Hinton 2012; centred: Graves 2013");
  private static final String SQUARE = "square_avg";
  private static final String MEAN = "grad_avg";
  private static final String BUFFER = "momentum_buffer";
  private static final List<Setting> SETTINGS =
      List.of(
          Hyper.rate(0.01),
          Hyper.decay(0, "factor of the weight that is added to its gradient"),
          Setting.number("alpha", 0.99, 0, 1, "share of the old mean of squares that is kept"),
          Hyper.eps(1e-8),
          Hyper.momentum(),
          Setting.flag("centered", false, "whether the squared mean is subtracted: variance"));

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
            checked.number("alpha"),
            checked.number("eps"),
            checked.number("momentum"),
            checked.flag("centered"));
    return SlotUpdater.oneByOne(ABOUT.id(), shares, List.of(SQUARE, MEAN, BUFFER), rule);
  }

  private record Rule(double alpha, double eps, double momentum, boolean centered)
      implements SlotUpdater.Rule {

    @Override
    public void update(Slots slots, Tensor gradient, double learningRate, double scheduled) {
      Tensor direction = Adam.penalised(slots, gradient);
      Tensor square = slots.get(SQUARE);
      square.mulInPlace(alpha);
      square.addProductInPlace(direction, direction, 1 - alpha);
      Tensor magnitude = square;
      if (centered) {
        Tensor mean = slots.get(MEAN);
        mean.lerpInPlace(direction, 1 - alpha);
        magnitude = square.copy();
        magnitude.addProductInPlace(mean, mean, -1);
      }
      Tensor denominator = magnitude.sqrt().add(eps);
      double keep = Hyper.moved(scheduled, momentum);
      if (keep == 0) {
        slots.weight().addQuotientInPlace(direction, denominator, -learningRate);
        return;
      }
      Tensor buffer = slots.get(BUFFER);
      buffer.mulInPlace(keep);
      buffer.addQuotientInPlace(direction, denominator, 1);
      slots.weight().addInPlace(buffer, -learningRate);
    }
  }
}
