package dev.graft.task;

/**
 * How well probabilities tell the truth. Rows of {@code probabilities} sum to 1; targets are
 * indices of classes.
 */
public final class Calibration {

  private Calibration() {}

  /** Mean negative logarithm of the true class's probability, natural; at most about 36. */
  public static double logLoss(double[][] probabilities, double[] targets) {
    double sum = 0;
    for (int i = 0; i < targets.length; i++) {
      double probability = probabilities[i][(int) targets[i]];
      sum -= Math.log(Math.min(1, Math.max(Math.ulp(1.0), probability)));
    }
    return sum / targets.length;
  }

  /** Mean squared distance to the true class, summed over classes, from 0 to 2. */
  public static double brier(double[][] probabilities, double[] targets) {
    double sum = 0;
    for (int i = 0; i < targets.length; i++) {
      for (int c = 0; c < probabilities[i].length; c++) {
        sum += Math.pow(probabilities[i][c] - (c == (int) targets[i] ? 1 : 0), 2);
      }
    }
    return sum / targets.length;
  }

  /**
   * The distance between confidence and accuracy in bins of equal width, (low, high] (Guo et al.
   * 2017).
   *
   * @param expected mean over examples
   * @param maximum that of the worst bin
   */
  public record Error(double expected, double maximum) {}

  /** The calibration error of the highest probability of each row. */
  public static Error error(double[][] probabilities, double[] targets, int bins) {
    double[] confidence = new double[bins];
    long[] right = new long[bins];
    long[] count = new long[bins];
    for (int i = 0; i < targets.length; i++) {
      int predicted = Metrics.argmax(probabilities[i]);
      double highest = probabilities[i][predicted];
      int bin = bin(highest, bins);
      confidence[bin] += highest;
      right[bin] += predicted == (int) targets[i] ? 1 : 0;
      count[bin]++;
    }
    double sum = 0;
    double worst = 0;
    for (int bin = 0; bin < bins; bin++) {
      double gap = Math.abs(confidence[bin] - right[bin]);
      sum += gap;
      worst = count[bin] == 0 ? worst : Math.max(worst, gap / count[bin]);
    }
    return new Error(sum / targets.length, worst);
  }

  private static int bin(double value, int bins) {
    int bin = (int) Math.ceil(value * bins) - 1;
    return Math.max(0, Math.min(bins - 1, bin));
  }
}
