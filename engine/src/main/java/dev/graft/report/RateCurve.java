package dev.graft.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Loss by learning rate as a range test records it, and the rates that it suggests.
 *
 * <p>Source of the rules: fastai, {@code valley}, {@code slide}, {@code minimum}, {@code steep}.
 *
 * @param points by rising rate; the loss is smoothed
 */
public record RateCurve(List<Point> points) {

  /** Points between the two slopes that {@code slide} compares. */
  private static final int SLIDE_DISTANCE = 15;

  /** Difference of slopes, in loss per update, at which {@code slide} stops. */
  private static final double SLIDE_THRESHOLD = 0.005;

  /** Fewest points that the rules can work on. */
  public static final int FEWEST = SLIDE_DISTANCE + 1;

  /**
   * One update.
   *
   * @param rate learning rate, before factors of groups
   * @param loss smoothed training loss
   */
  public record Point(double rate, double loss) {}

  public RateCurve {
    points = List.copyOf(points);
    if (points.size() < FEWEST) {
      throw new IllegalArgumentException(
          "%d points of loss by learning rate; %d or more are needed"
              .formatted(points.size(), FEWEST));
    }
  }

  /** All suggestions by name, the recommended one first. */
  public Map<String, Double> suggestions() {
    Map<String, Double> all = new LinkedHashMap<>();
    all.put("valley", valley());
    all.put("steep", steep());
    all.put("minimum", minimum());
    all.put("slide", slide());
    return all;
  }

  /**
   * The rate in the middle of the longest fall: of the longest subsequence of falling losses, ended
   * as early as possible, the point halfway through its middle third.
   */
  public double valley() {
    int n = points.size();
    int[] length = new int[n];
    int end = 0;
    for (int i = 0; i < n; i++) {
      length[i] = 1;
      for (int j = 0; j < i; j++) {
        if (loss(i) < loss(j)) {
          length[i] = Math.max(length[i], length[j] + 1);
        }
      }
      end = length[i] > length[end] ? i : end;
    }
    // The fall is counted in its own points, as if they stood side by side before its end.
    int start = Math.max(0, end - length[end]);
    double third = (end - start) / 3.0;
    return rate(start + (int) third + (int) (third / 2));
  }

  /** The rate where the loss falls fastest over the logarithm of the rate. */
  public double steep() {
    int best = 0;
    double steepest = Double.POSITIVE_INFINITY;
    for (int i = 0; i + 1 < points.size(); i++) {
      double slope = (loss(i + 1) - loss(i)) / Math.log(rate(i + 1) / rate(i));
      if (slope < steepest) {
        steepest = slope;
        best = i;
      }
    }
    return rate(best);
  }

  /** A tenth of the rate with the smallest loss. */
  public double minimum() {
    int best = 0;
    for (int i = 1; i < points.size(); i++) {
      best = loss(i) < loss(best) ? i : best;
    }
    return rate(best) / 10;
  }

  /**
   * The last rate before the blow-up: from the right end, two slopes a fixed distance apart are
   * moved left until they hardly differ.
   */
  public double slide() {
    int right = points.size() - 1;
    int left = right - SLIDE_DISTANCE;
    double suggestion = rate(left);
    while (left >= 0 && Math.abs(slope(right) - slope(left)) > SLIDE_THRESHOLD) {
      suggestion = rate(left);
      right--;
      left--;
    }
    return suggestion;
  }

  /** Change of the loss per update: central inside, one-sided at the ends. */
  private double slope(int i) {
    int before = Math.max(0, i - 1);
    int after = Math.min(points.size() - 1, i + 1);
    return (loss(after) - loss(before)) / (after - before);
  }

  private double rate(int i) {
    return points.get(i).rate();
  }

  private double loss(int i) {
    return points.get(i).loss();
  }
}
