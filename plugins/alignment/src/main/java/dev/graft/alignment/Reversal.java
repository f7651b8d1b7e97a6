package dev.graft.alignment;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Gradient reversal (Ganin et al. 2016): the identity forward, minus a coefficient backward. The
 * coefficient rises from {@code lo} towards {@code hi}, so that a discriminator that knows nothing
 * yet does not harm the features.
 *
 * @param alpha how fast it rises
 * @param lo coefficient at the start
 * @param hi coefficient that it approaches
 */
record Reversal(double alpha, double lo, double hi) {

  /** Settings of a method that reverses gradients; {@code hi} at its default. */
  static List<Setting> settings(double hi, Setting... own) {
    List<Setting> all = new ArrayList<>(List.of(own));
    all.add(Setting.number("reversal", hi, 0, 100, "factor that the reversed gradient approaches"));
    all.add(Setting.number("alpha", 10, 0, 1000, "how fast it gets there over the phase"));
    return List.copyOf(all);
  }

  static Reversal of(Settings settings) {
    return new Reversal(settings.number("alpha"), 0, settings.number("reversal"));
  }

  /** The coefficient when a share of the way is done, 1 at its end. */
  double coefficient(double progress) {
    return 2 * (hi - lo) / (1 + Math.exp(-alpha * progress)) - (hi - lo) + lo;
  }

  /** The tensor itself, bit for bit; gradients come back times minus the coefficient. */
  static Tensor reverse(Tensor x, double coefficient) {
    Tensor fixed = x.detach();
    // x - x is exactly 0 and has the gradient of x.
    return fixed.add(x.sub(fixed).mul(-coefficient));
  }
}
