package dev.graft.multitask;

import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.BoundCombine;
import dev.graft.spi.Run;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * PCGrad: where the gradients of two tasks point against each other, each loses its part along the
 * other; then they are added.
 */
public final class Pcgrad extends Weighting.ByRule {

  private static final About ABOUT =
      new About(
          "pcgrad",
          "tasks' gradients lose what points against each other, in random order",
          "Yu et al. 2020, NeurIPS");

  /** Makes the method. */
  public Pcgrad() {
    super(ABOUT, List.of());
  }

  @Override
  boolean needsShared() {
    return true;
  }

  /**
   * Weights of the gradients in the sum of the projected ones. Each gradient meets the others in an
   * order of its own.
   */
  static double[] weights(double[][] gram, RandomGenerator random) {
    int count = gram.length;
    double[] sum = new double[count];
    for (int i = 0; i < count; i++) {
      double[] projected = new double[count];
      projected[i] = 1;
      for (int other : order(count, random)) {
        double product = Gram.dot(gram[other], projected);
        if (other != i && product < 0) {
          projected[other] -= product / gram[other][other];
        }
      }
      for (int j = 0; j < count; j++) {
        sum[j] += projected[j];
      }
    }
    return sum;
  }

  private static int[] order(int count, RandomGenerator random) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** The projections. */
  public static final class Projection extends Rule {

    /** Makes the rule. */
    public Projection() {
      super(ABOUT, List.of());
    }

    @Override
    public BoundCombine bind(Settings own, Run run) {
      return new GradientRule(run) {
        @Override
        double[] weights(double[][] gram, double[] losses, RandomGenerator random) {
          return Pcgrad.weights(gram, random);
        }
      };
    }
  }
}
