package dev.graft.task;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleBiFunction;

/** The metrics there are. */
public final class Metrics {

  /** Share of examples whose highest score is at their class. */
  public static final Metric ACCURACY = of("accuracy", true, Metrics::accuracy);

  /** Mean over classes of the harmonic mean of precision and recall; a class never met counts 0. */
  public static final Metric MACRO_F1 = of("macro_f1", true, Metrics::macroF1);

  /** Area under the ROC curve of the score of class 1; ties count half. */
  public static final Metric ROC_AUC = of("roc_auc", true, Metrics::rocAuc);

  /** Mean absolute error, in the unit of the target. */
  public static final Metric MAE = of("mae", false, Metrics::meanAbsoluteError);

  /** Root of the mean squared error, in the unit of the target. */
  public static final Metric RMSE = of("rmse", false, Metrics::rootMeanSquaredError);

  /** Share of the variance that is explained. */
  public static final Metric R2 = of("r2", true, Metrics::r2);

  private Metrics() {}

  private record Simple(
      String id, boolean higherIsBetter, ToDoubleBiFunction<double[][], double[]> formula)
      implements Metric {

    @Override
    public double compute(double[][] scores, double[] targets) {
      return formula.applyAsDouble(scores, targets);
    }
  }

  private static Metric of(
      String id, boolean higherIsBetter, ToDoubleBiFunction<double[][], double[]> formula) {
    return new Simple(id, higherIsBetter, formula);
  }

  /** Index of the highest score; the first of equals. */
  public static int argmax(double[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      if (scores[i] > scores[best]) {
        best = i;
      }
    }
    return best;
  }

  /**
   * Counts by true class (row) and predicted class (column).
   *
   * @param classes number of classes
   */
  public static long[][] confusion(double[][] scores, double[] targets, int classes) {
    long[][] counts = new long[classes][classes];
    for (int i = 0; i < scores.length; i++) {
      counts[(int) targets[i]][argmax(scores[i])]++;
    }
    return counts;
  }

  private static double accuracy(double[][] scores, double[] targets) {
    int right = 0;
    for (int i = 0; i < scores.length; i++) {
      right += argmax(scores[i]) == (int) targets[i] ? 1 : 0;
    }
    return (double) right / scores.length;
  }

  private static double macroF1(double[][] scores, double[] targets) {
    int classes = scores[0].length;
    long[][] counts = confusion(scores, targets, classes);
    double sum = 0;
    int present = 0;
    for (int c = 0; c < classes; c++) {
      long real = 0;
      long predicted = 0;
      for (int other = 0; other < classes; other++) {
        real += counts[c][other];
        predicted += counts[other][c];
      }
      if (real + predicted > 0) {
        present++;
        sum += 2.0 * counts[c][c] / (real + predicted);
      }
    }
    return sum / present;
  }

  private static double rocAuc(double[][] scores, double[] targets) {
    Integer[] order = new Integer[scores.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> scores[i][1]));
    double rankSum = 0;
    long positives = 0;
    for (int start = 0; start < order.length; ) {
      int end = start;
      while (end < order.length && scores[order[end]][1] == scores[order[start]][1]) {
        end++;
      }
      double rank = (start + 1 + end) / 2.0;
      for (int i = start; i < end; i++) {
        if (targets[order[i]] == 1) {
          rankSum += rank;
          positives++;
        }
      }
      start = end;
    }
    long negatives = scores.length - positives;
    return (rankSum - positives * (positives + 1) / 2.0) / (positives * (double) negatives);
  }

  private static double meanAbsoluteError(double[][] scores, double[] targets) {
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      sum += Math.abs(scores[i][0] - targets[i]);
    }
    return sum / scores.length;
  }

  private static double squaredError(double[][] scores, double[] targets) {
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      sum += Math.pow(scores[i][0] - targets[i], 2);
    }
    return sum;
  }

  private static double rootMeanSquaredError(double[][] scores, double[] targets) {
    return Math.sqrt(squaredError(scores, targets) / scores.length);
  }

  private static double r2(double[][] scores, double[] targets) {
    double mean = Arrays.stream(targets).average().orElse(Double.NaN);
    double total = Arrays.stream(targets).map(t -> (t - mean) * (t - mean)).sum();
    return 1 - squaredError(scores, targets) / total;
  }

  /** All metrics, for listing. */
  public static List<Metric> all() {
    return List.of(ACCURACY, MACRO_F1, ROC_AUC, MAE, RMSE, R2);
  }
}
