package dev.graft.train.optim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Minimises a smooth function of many variables with the limited-memory method of Broyden,
 * Fletcher, Goldfarb and Shanno. Deterministic; for convex heads, where it finds the one minimum.
 *
 * <p>A step goes along the gradient times an estimate of the inverse curvature that is made of the
 * last few steps (two-loop recursion), as far as the strong conditions of Wolfe allow: the value
 * has fallen enough, and the slope has flattened enough. Numerical sources: Nocedal and Wright,
 * "Numerical Optimization", 2nd edition, algorithms 7.4 and 7.5; 3.5 and 3.6 for the line search.
 */
public final class Lbfgs {

  /** A function and its gradient. */
  public interface Objective {

    /**
     * Value at a point.
     *
     * @param x the point; must not be changed
     * @param gradient is filled with the gradient there
     */
    double at(double[] x, double[] gradient);
  }

  /**
   * When to stop.
   *
   * @param maxIterations steps at most
   * @param gradientTolerance largest element of the gradient, absolute, at which it is the minimum
   * @param valueTolerance relative fall of the value in a step below which it is the minimum
   */
  public record Limits(int maxIterations, double gradientTolerance, double valueTolerance) {

    /** For objectives in single precision, of order 1. */
    public static final Limits SINGLE = new Limits(300, 1e-5, 1e-7);

    /** For objectives in double precision, of order 1. */
    public static final Limits DOUBLE = new Limits(1000, 1e-9, 1e-15);
  }

  /** Why it stopped. */
  public enum Stop {
    /** The gradient is as good as zero. */
    GRADIENT,
    /** The value does not fall any more. */
    VALUE,
    /** No step along the search direction helps: the precision of the objective is exhausted. */
    PRECISION,
    /** The limit of iterations is reached; the point is not the minimum. */
    ITERATIONS
  }

  /**
   * Where it ended.
   *
   * @param x the point
   * @param value the objective there
   * @param gradientNorm largest element of the gradient, absolute
   * @param iterations steps made
   * @param stop why it stopped
   */
  public record Solution(
      double[] x, double value, double gradientNorm, int iterations, Stop stop) {}

  private static final int HISTORY = 10;
  private static final double SUFFICIENT_FALL = 1e-4;
  private static final double FLAT_ENOUGH = 0.9;
  private static final int MOST_TRIALS = 30;

  /** A point with value and gradient. */
  private record Point(double[] x, double value, double[] gradient) {}

  /** A past step: how far, how the gradient changed, and 1 / (product of both). */
  private record Pair(double[] step, double[] change, double rho) {}

  private final Objective objective;
  private final Limits limits;
  private final Deque<Pair> history = new ArrayDeque<>();

  private Lbfgs(Objective objective, Limits limits) {
    this.objective = objective;
    this.limits = limits;
  }

  /** Minimises from a starting point, which is not changed. */
  public static Solution minimise(Objective objective, double[] start, Limits limits) {
    return new Lbfgs(objective, limits).run(start.clone());
  }

  private Solution run(double[] start) {
    Point at = evaluate(start);
    for (int iteration = 0; iteration < limits.maxIterations(); iteration++) {
      if (largest(at.gradient) <= limits.gradientTolerance()) {
        return solution(at, iteration, Stop.GRADIENT);
      }
      Point next = search(at, direction(at.gradient));
      if (next == null && !history.isEmpty()) {
        history.clear();
        next = search(at, direction(at.gradient));
      }
      if (next == null) {
        return solution(at, iteration, Stop.PRECISION);
      }
      remember(at, next);
      double fall = at.value - next.value;
      at = next;
      if (fall <= limits.valueTolerance() * Math.max(1, Math.abs(at.value))) {
        return solution(at, iteration + 1, Stop.VALUE);
      }
    }
    return solution(at, limits.maxIterations(), Stop.ITERATIONS);
  }

  private Point evaluate(double[] x) {
    double[] gradient = new double[x.length];
    double value = objective.at(x, gradient);
    return new Point(x, value, gradient);
  }

  private static Solution solution(Point at, int iterations, Stop stop) {
    return new Solution(at.x, at.value, largest(at.gradient), iterations, stop);
  }

  /** Minus the gradient times the estimated inverse curvature. */
  private double[] direction(double[] gradient) {
    double[] q = gradient.clone();
    List<Double> alphas = new ArrayList<>();
    for (Pair pair : history) {
      double alpha = pair.rho * dot(pair.step, q);
      alphas.add(alpha);
      add(q, pair.change, -alpha);
    }
    double scale;
    if (history.isEmpty()) {
      scale = 1 / Math.max(1, norm(gradient));
    } else {
      Pair newest = history.getFirst();
      scale = 1 / (newest.rho * dot(newest.change, newest.change));
    }
    for (int i = 0; i < q.length; i++) {
      q[i] *= scale;
    }
    int index = alphas.size();
    for (var pairs = history.descendingIterator(); pairs.hasNext(); ) {
      Pair pair = pairs.next();
      add(q, pair.step, alphas.get(--index) - pair.rho * dot(pair.change, q));
    }
    for (int i = 0; i < q.length; i++) {
      q[i] = -q[i];
    }
    return q;
  }

  /** The newest pair stands first; one without curvature is left out. */
  private void remember(Point from, Point to) {
    double[] step = difference(to.x, from.x);
    double[] change = difference(to.gradient, from.gradient);
    double curvature = dot(step, change);
    if (curvature > 1e-12 * dot(change, change)) {
      history.addFirst(new Pair(step, change, 1 / curvature));
      if (history.size() > HISTORY) {
        history.removeLast();
      }
    }
  }

  // ---- line search ----

  /** A trial on the line: distance, value, slope, and the point itself. */
  private record Trial(double distance, double value, double slope, Point point) {}

  /** A point along the direction that satisfies the strong Wolfe conditions, or null. */
  private Point search(Point from, double[] direction) {
    Trial start = new Trial(0, from.value, dot(from.gradient, direction), from);
    if (!(start.slope < 0)) {
      return null;
    }
    Trial low = start;
    Trial high = null;
    double distance = 1;
    for (int trials = 0; trials < MOST_TRIALS; trials++) {
      Trial trial = attempt(from, direction, distance);
      boolean risen =
          !(trial.value <= start.value + SUFFICIENT_FALL * distance * start.slope)
              || (low.distance > 0 && trial.value >= low.value);
      if (risen) {
        high = trial;
      } else if (Math.abs(trial.slope) <= -FLAT_ENOUGH * start.slope) {
        return trial.point;
      } else {
        // The minimum lies where the slope points down from the best trial so far.
        if (trial.slope * ((high == null ? Double.MAX_VALUE : high.distance) - low.distance) >= 0) {
          high = low;
        }
        low = trial;
      }
      distance = high == null ? 2 * distance : between(low, high);
      if (high != null && Math.abs(high.distance - low.distance) < 1e-16) {
        break;
      }
    }
    return low.distance > 0 ? low.point : null;
  }

  private Trial attempt(Point from, double[] direction, double distance) {
    double[] x = from.x.clone();
    add(x, direction, distance);
    Point point = evaluate(x);
    return new Trial(distance, point.value, dot(point.gradient, direction), point);
  }

  /** Minimum of the cubic through two trials, kept away from both. */
  private static double between(Trial a, Trial b) {
    double width = b.distance - a.distance;
    double d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.distance - b.distance);
    double d2 = Math.signum(width) * Math.sqrt(Math.max(0, d1 * d1 - a.slope * b.slope));
    double share = 1 - (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2);
    double kept = Double.isFinite(share) ? Math.min(0.9, Math.max(0.1, share)) : 0.5;
    return a.distance + kept * width;
  }

  // ---- vectors ----

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }

  private static double largest(double[] a) {
    return Arrays.stream(a).map(Math::abs).max().orElse(0);
  }

  private static void add(double[] to, double[] a, double factor) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * a[i];
    }
  }

  private static double[] difference(double[] a, double[] b) {
    double[] result = a.clone();
    add(result, b, -1);
    return result;
  }
}
