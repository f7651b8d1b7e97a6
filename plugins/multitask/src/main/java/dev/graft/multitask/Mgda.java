package dev.graft.multitask;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.BoundCombine;
import dev.graft.spi.Run;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * MGDA: the shortest vector among the weighted means of the tasks' gradients. It makes no task
 * worse, and is zero where none can become better without harm to another.
 *
 * <p>The update is as many times that vector as there are tasks, so that a learning rate means what
 * it means for the sum of the losses.
 */
public final class Mgda extends Weighting.ByRule {

  private static final About ABOUT =
      new About(
          "mgda",
          "the shortest weighted mean of the tasks' gradients, which harms none",
          "Sener and Koltun 2018, NeurIPS");

  private static final List<Setting> OWN =
      List.of(
          Setting.text(
              "normalise",
              "none",
              List.of("none", "l2", "loss", "loss+"),
              "what divides each gradient before the search: its length, its loss, or both"));

  private static final int STEPS = 1000;
  private static final double CLOSE = 1e-10;

  /** Makes the method. */
  public Mgda() {
    super(ABOUT, OWN);
  }

  @Override
  boolean needsShared() {
    return true;
  }

  /**
   * Weights, at least 0 with sum 1, of the shortest mean: Frank and Wolfe's steps in pairs, each of
   * which moves as much weight as helps from the vector that points along the mean most to the one
   * that does least. The plain steps zigzag.
   */
  static double[] weights(double[][] gram) {
    double[] weights = Gram.mean(gram.length);
    for (int step = 0; step < STEPS; step++) {
      double[] products = Gram.products(gram, weights);
      int to = 0;
      int from = -1;
      for (int i = 0; i < products.length; i++) {
        to = products[i] < products[to] ? i : to;
        boolean more = weights[i] > 0 && (from < 0 || products[i] > products[from]);
        from = more ? i : from;
      }
      double gain = products[from] - products[to];
      if (gain <= CLOSE * Gram.dot(weights, products)) {
        break;
      }
      double apart = gram[to][to] + gram[from][from] - 2 * gram[to][from];
      double moved = Math.min(weights[from], gain / apart);
      weights[from] -= moved;
      weights[to] += moved;
    }
    return weights;
  }

  /** Inner products after each vector was divided. */
  static double[][] normalised(double[][] gram, double[] losses, String how) {
    double[] factors = new double[gram.length];
    for (int i = 0; i < gram.length; i++) {
      double length = Math.sqrt(gram[i][i]);
      double divisor =
          switch (how) {
            case "l2" -> length;
            case "loss" -> losses[i];
            case "loss+" -> losses[i] * length;
            default -> 1;
          };
      factors[i] = divisor > 0 ? 1 / divisor : 1;
    }
    double[][] result = new double[gram.length][];
    for (int i = 0; i < gram.length; i++) {
      result[i] = gram[i].clone();
      for (int j = 0; j < gram.length; j++) {
        result[i][j] *= factors[i] * factors[j];
      }
    }
    return result;
  }

  /** The shortest mean. */
  public static final class ShortestMean extends Rule {

    /** Makes the rule. */
    public ShortestMean() {
      super(ABOUT, OWN);
    }

    @Override
    public BoundCombine bind(Settings own, Run run) {
      String how = own.text("normalise");
      return new GradientRule(run) {
        @Override
        double[] weights(double[][] gram, double[] losses, RandomGenerator random) {
          return Gram.scaled(Mgda.weights(normalised(gram, losses, how)), gram.length);
        }
      };
    }
  }
}
