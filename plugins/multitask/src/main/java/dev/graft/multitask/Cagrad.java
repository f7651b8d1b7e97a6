package dev.graft.multitask;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.BoundCombine;
import dev.graft.spi.Run;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;

/**
 * CAGrad: of all updates within {@code c} lengths of the mean gradient from the mean gradient, the
 * one that helps the task it helps least the most.
 *
 * <p>Its dual has one weight per task: with g₀ the mean gradient and g(w) the weighted one,
 * minimise g(w)·g₀ + c‖g₀‖‖g(w)‖ over weights that add up to 1; the update is g₀ + c‖g₀‖
 * g(w)/‖g(w)‖, divided by 1 + c² as the authors' program does. It is made as many times as there
 * are tasks, so that a learning rate means what it means for the sum of the losses.
 */
public final class Cagrad extends Weighting.ByRule {

  private static final About ABOUT =
      new About(
          "cagrad",
          "near the mean gradient, the update that helps the worst task most",
          "Liu et al. 2021, NeurIPS");

  private static final List<Setting> OWN =
      List.of(
          Setting.number(
              "c",
              0.4,
              0,
              1,
              "how far from the mean gradient, over its length; 0: the mean itself"));

  private static final int SWEEPS = 50;
  private static final int CUTS = 60;
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
  private static final double TINY = 1e-12;

  /** Makes the method. */
  public Cagrad() {
    super(ABOUT, OWN);
  }

  @Override
  boolean needsShared() {
    return true;
  }

  /** Weights of the gradients in the update; with c = 0 those of their mean. */
  static double[] weights(double[][] gram, double c) {
    int count = gram.length;
    double[] mean = Gram.mean(count);
    double reach = c * Math.sqrt(Gram.squaredNorm(gram, mean));
    double[] worst = worst(gram, mean, reach);
    double length = Math.sqrt(Gram.squaredNorm(gram, worst));
    double factor = length > TINY ? reach / length : 0;
    double[] weights = new double[count];
    for (int i = 0; i < count; i++) {
      weights[i] = (mean[i] + factor * worst[i]) / (1 + c * c);
    }
    return weights;
  }

  /**
   * The minimum of the dual: weight is moved between two tasks at a time, by golden section, until
   * a sweep over all pairs changes nothing. The function is convex.
   */
  static double[] worst(double[][] gram, double[] mean, double reach) {
    double[] weights = mean.clone();
    double best = dual(gram, mean, reach, weights);
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      for (int i = 0; i < weights.length; i++) {
        for (int j = 0; j < i; j++) {
          double both = weights[i] + weights[j];
          int one = i;
          int other = j;
          double share =
              minimum(
                  both,
                  each -> dual(gram, mean, reach, divided(weights, one, other, each, both - each)));
          weights[i] = share;
          weights[j] = both - share;
        }
      }
      double now = dual(gram, mean, reach, weights);
      if (best - now <= TINY * Math.abs(best)) {
        break;
      }
      best = now;
    }
    return weights;
  }

  private static double[] divided(double[] weights, int i, int j, double first, double second) {
    double[] changed = weights.clone();
    changed[i] = first;
    changed[j] = second;
    return changed;
  }

  private static double dual(double[][] gram, double[] mean, double reach, double[] weights) {
    return Gram.dot(weights, Gram.products(gram, mean))
        + reach * Math.sqrt(Gram.squaredNorm(gram, weights));
  }

  /** Where a convex function is least between 0 and an end. */
  private static double minimum(double end, DoubleUnaryOperator function) {
    double low = 0;
    double high = end;
    for (int cut = 0; cut < CUTS; cut++) {
      double left = high - GOLDEN * (high - low);
      double right = low + GOLDEN * (high - low);
      if (function.applyAsDouble(left) <= function.applyAsDouble(right)) {
        high = right;
      } else {
        low = left;
      }
    }
    return (low + high) / 2;
  }

  /** The update. */
  public static final class NearTheMean extends Rule {

    /** Makes the rule. */
    public NearTheMean() {
      super(ABOUT, OWN);
    }

    @Override
    public BoundCombine bind(Settings own, Run run) {
      double c = own.number("c");
      return new GradientRule(run) {
        @Override
        double[] weights(double[][] gram, double[] losses, RandomGenerator random) {
          return Gram.scaled(Cagrad.weights(gram, c), gram.length);
        }
      };
    }
  }
}
