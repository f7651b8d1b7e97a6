package dev.graft.multitask;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.BoundCombine;
import dev.graft.spi.Run;
import dev.graft.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * GradNorm: weights that are learned so that the tasks' gradients are of like length, longer for a
 * task whose loss fell less. Lengths are those over all shared parameters, not the last layer's.
 */
public final class GradNorm extends Weighting.ByRule {

  private static final About ABOUT =
      new About(
          "gradnorm",
          "learns weights that make tasks' gradients alike, longer for slower tasks",
          "Chen et al. 2018, ICML");

  private static final List<Setting> OWN =
      List.of(
          Setting.number("alpha", 1.5, 0, 10, "how much more a slower task gets"),
          Setting.number("rate", 0.025, 0, 1, "learning rate of the weights"));

  /** The least weight: one at 0 would never come back. */
  private static final double LEAST = 1e-3;

  /** Makes the method. */
  public GradNorm() {
    super(ABOUT, OWN);
  }

  @Override
  boolean needsShared() {
    return true;
  }

  /**
   * The weights after one step of gradient descent on Σ |wᵢ‖gᵢ‖ − mean · rᵢ^α|, the right side held
   * fixed. The gradient is divided by the mean length, so that the rate has no unit.
   *
   * @param norms length of each task's gradient, unweighted
   * @param ratios each loss over its first value
   * @return as many weights, with their number as sum
   */
  static double[] next(double[] weights, double[] norms, double[] ratios, Settings own) {
    int count = weights.length;
    double mean = Gram.dot(weights, norms) / count;
    double ratio = Arrays.stream(ratios).average().orElseThrow();
    double[] next = weights.clone();
    for (int i = 0; mean > 0 && ratio > 0 && i < count; i++) {
      double target = mean * Math.pow(ratios[i] / ratio, own.number("alpha"));
      double slope = Math.signum(weights[i] * norms[i] - target) * norms[i] / mean;
      next[i] = Math.max(LEAST, weights[i] - own.number("rate") * slope);
    }
    return Gram.scaled(next, count / Arrays.stream(next).sum());
  }

  /** The learned weights. */
  public static final class LikeLengths extends Rule {

    /** Makes the rule. */
    public LikeLengths() {
      super(ABOUT, OWN);
    }

    @Override
    public BoundCombine bind(Settings own, Run run) {
      return new Bound(own, run, tasks(run.phase().terms()).length);
    }
  }

  /** The weights at work; they and the first losses are kept in snapshots. */
  private static final class Bound extends GradientRule {

    private final Settings own;
    private final Memory weights;
    private final Memory firstLosses;

    /** What the present update will lead to; it may be tried twice. */
    private double[] next;

    Bound(Settings own, Run run, int count) {
      super(run);
      this.own = own;
      this.weights = new Memory(ones(count));
      this.firstLosses = new Memory(new double[count]);
    }

    @Override
    double[] weights(double[][] gram, double[] losses, RandomGenerator random) {
      double[] present = weights.get();
      double[] first = firstLosses.get();
      double[] norms = new double[gram.length];
      double[] ratios = new double[gram.length];
      for (int i = 0; i < gram.length; i++) {
        norms[i] = Math.sqrt(Math.max(0, gram[i][i]));
        ratios[i] = first[i] > 0 ? losses[i] / first[i] : 1;
      }
      next = GradNorm.next(present, norms, ratios, own);
      return present;
    }

    @Override
    double[] headWeights(double[] present) {
      return present;
    }

    @Override
    public void afterUpdate(Losses losses) {
      if (Arrays.stream(firstLosses.get()).allMatch(loss -> loss == 0)) {
        firstLosses.set(Rule.at(Rule.tasks(losses.terms()), losses.losses()));
      }
      weights.set(next);
    }

    @Override
    public Map<String, Tensor> state() {
      return Map.of("weights", weights.tensor(), "first_losses", firstLosses.tensor());
    }

    @Override
    public void close() {
      weights.close();
      firstLosses.close();
    }
  }
}
