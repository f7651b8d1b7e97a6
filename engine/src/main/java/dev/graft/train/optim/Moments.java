package dev.graft.train.optim;

import dev.graft.plan.Settings;
import dev.graft.tensor.Tensor;
import dev.graft.tensor.UpdateRule;
import java.util.List;

/**
 * Adam's arithmetic: running means of the gradient and of its square, both corrected for their
 * start at zero (Kingma and Ba 2015, algorithm 1).
 *
 * @param beta1 share of the old mean that is kept
 * @param beta2 share of the old mean of squares that is kept
 * @param eps added to the denominator
 */
record Moments(double beta1, double beta2, double eps) {

  static final List<String> NAMES = List.of("exp_avg", "exp_avg_sq");

  static Moments of(Settings settings) {
    return new Moments(settings.number("beta1"), settings.number("beta2"), settings.number("eps"));
  }

  /** Moves the running means; {@code momentum} stands in for beta1 where it is not NaN. */
  void update(Slots slots, Tensor gradient, double momentum) {
    double keep = Hyper.moved(momentum, beta1);
    Tensor mean = slots.get("exp_avg");
    mean.mulInPlace(keep);
    mean.addInPlace(gradient, 1 - keep);
    Tensor square = slots.get("exp_avg_sq");
    square.mulInPlace(beta2);
    square.addProductInPlace(gradient, gradient, 1 - beta2);
  }

  /** Root of the corrected mean of squares, plus eps. */
  Tensor denominator(Slots slots) {
    Tensor root = slots.get("exp_avg_sq").sqrt();
    root.mulInPlace(1 / Math.sqrt(1 - Math.pow(beta2, (double) slots.steps())));
    return root.add(eps);
  }

  /** What the mean is divided by to correct it. */
  double correction(Slots slots, double momentum) {
    return 1 - Math.pow(Hyper.moved(momentum, beta1), (double) slots.steps());
  }

  /** Adam as the tensor core computes it for all parameters in one call. */
  UpdateRule rule(double momentum, boolean decoupled) {
    return new UpdateRule.Adam(Hyper.moved(momentum, beta1), beta2, eps, decoupled);
  }
}
