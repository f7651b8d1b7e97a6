package dev.graft.task;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Counts of examples by true and predicted class, and the figures that follow from them alone.
 *
 * <p>A class that is neither true nor predicted anywhere takes no part in means; a precision or
 * recall of nothing is 0.
 *
 * @param counts by true class (row) and predicted class (column)
 */
public record Confusion(long[][] counts) {

  /** The average of a figure over classes. */
  public enum Mean {
    /** Every class that occurs counts the same. */
    MACRO,
    /** Every class counts as often as it is true. */
    WEIGHTED
  }

  /**
   * Predictions are the first highest score of each row.
   *
   * @param classes number of classes
   */
  public static Confusion of(double[][] scores, double[] targets, int classes) {
    long[][] counts = new long[classes][classes];
    for (int i = 0; i < scores.length; i++) {
      counts[(int) targets[i]][Metrics.argmax(scores[i])]++;
    }
    return new Confusion(counts);
  }

  /** Number of classes. */
  public int classes() {
    return counts.length;
  }

  /** Number of examples. */
  public long total() {
    return IntStream.range(0, classes()).mapToLong(this::support).sum();
  }

  /** Number of examples that are of a class. */
  public long support(int label) {
    return Arrays.stream(counts[label]).sum();
  }

  /** Number of examples that are predicted to be of a class. */
  public long predicted(int label) {
    return Arrays.stream(counts).mapToLong(row -> row[label]).sum();
  }

  /** Share of a class's predictions that are right. */
  public double precision(int label) {
    return ratio(counts[label][label], predicted(label));
  }

  /** Share of a class's examples that are found. */
  public double recall(int label) {
    return ratio(counts[label][label], support(label));
  }

  /** Harmonic mean of precision and recall of a class. */
  public double f1(int label) {
    return ratio(2 * counts[label][label], support(label) + predicted(label));
  }

  /** Mean of a figure of each class, for example {@code mean(Mean.MACRO, this::f1)}. */
  public double mean(Mean mean, IntToDoubleFunction figure) {
    double sum = 0;
    double weights = 0;
    for (int c = 0; c < classes(); c++) {
      boolean occurs = support(c) + predicted(c) > 0;
      double weight = mean == Mean.WEIGHTED ? support(c) : occurs ? 1 : 0;
      sum += weight * figure.applyAsDouble(c);
      weights += weight;
    }
    return sum / weights;
  }

  /** Share of examples that are right. */
  public double accuracy() {
    return ratio(right(), total());
  }

  /** Mean recall of the classes that have examples. */
  public double balancedAccuracy() {
    return IntStream.range(0, classes())
        .filter(c -> support(c) > 0)
        .mapToDouble(this::recall)
        .average()
        .orElse(Double.NaN);
  }

  /**
   * Cohen's kappa: agreement beyond chance.
   *
   * @param quadratic whether a confusion weighs the square of the distance between the classes
   */
  public double kappa(boolean quadratic) {
    double observed = 0;
    double expected = 0;
    for (int i = 0; i < classes(); i++) {
      for (int j = 0; j < classes(); j++) {
        double weight = quadratic ? Math.pow(i - j, 2) : i == j ? 0 : 1;
        observed += weight * counts[i][j];
        expected += weight * support(i) * predicted(j) / total();
      }
    }
    return 1 - observed / expected;
  }

  /** Matthews' correlation of true and predicted classes (Gorodkin 2004); 0 where undefined. */
  public double matthews() {
    double total = total();
    double covariance = right() * total;
    double predictedSquares = total * total;
    double trueSquares = total * total;
    for (int c = 0; c < classes(); c++) {
      covariance -= (double) support(c) * predicted(c);
      predictedSquares -= Math.pow((double) predicted(c), 2);
      trueSquares -= Math.pow((double) support(c), 2);
    }
    double scale = Math.sqrt(predictedSquares * trueSquares);
    return scale == 0 ? 0 : covariance / scale;
  }

  private long right() {
    return IntStream.range(0, classes()).mapToLong(c -> counts[c][c]).sum();
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
