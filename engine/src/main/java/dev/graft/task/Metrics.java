package dev.graft.task;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/**
 * The metrics there are. Those of classification read rows of probabilities and class indices,
 * those of regression rows of one value and numbers.
 */
public final class Metrics {

  /** Share of examples whose highest score is at their class. */
  public static final Metric ACCURACY =
      of("accuracy", true, (scores, targets) -> confusion(scores, targets).accuracy());

  /** Mean over classes of the share of their examples that are found. */
  public static final Metric BALANCED_ACCURACY =
      of(
          "balanced_accuracy",
          true,
          (scores, targets) -> confusion(scores, targets).balancedAccuracy());

  /** Mean over the classes that occur of the harmonic mean of precision and recall. */
  public static final Metric MACRO_F1 = of("macro_f1", true, Metrics::macroF1);

  /** Cohen's kappa: agreement beyond chance. */
  public static final Metric KAPPA =
      of("kappa", true, (scores, targets) -> confusion(scores, targets).kappa(false));

  /** Matthews' correlation of true and predicted class. */
  public static final Metric MATTHEWS =
      of("matthews", true, (scores, targets) -> confusion(scores, targets).matthews());

  /** Share of examples whose class is among the two highest scores. */
  public static final Metric TOP2 = of("top2_accuracy", true, (s, t) -> topAccuracy(s, t, 2));

  /** Area under the ROC curve: of class 1 of two, or the mean of each class against the rest. */
  public static final Metric ROC_AUC =
      of("roc_auc", true, (s, t) -> againstRest(s, t, BinaryRanking::rocArea));

  /** Mean precision over the positives: of class 1 of two, or the mean over classes. */
  public static final Metric AVERAGE_PRECISION =
      of("average_precision", true, (s, t) -> againstRest(s, t, BinaryRanking::averagePrecision));

  /** Mean negative logarithm of the true class's probability. */
  public static final Metric LOG_LOSS = of("log_loss", false, Calibration::logLoss);

  /** Mean squared distance of the probabilities to the truth, summed over classes. */
  public static final Metric BRIER = of("brier", false, Calibration::brier);

  /** Mean distance of confidence and accuracy in 15 bins. */
  public static final Metric CALIBRATION_ERROR =
      of("ece", false, (scores, targets) -> Calibration.error(scores, targets, 15).expected());

  /** Mean absolute error, in the unit of the target. */
  public static final Metric MAE =
      of("mae", false, (s, t) -> Arrays.stream(absoluteErrors(s, t)).average().orElse(Double.NaN));

  /** Median absolute error, in the unit of the target. */
  public static final Metric MEDIAN_ERROR =
      of("median_absolute_error", false, Metrics::medianError);

  /** Mean squared error, in the unit of the target squared. */
  public static final Metric MSE = of("mse", false, (s, t) -> squaredError(s, t) / t.length);

  /** Root of the mean squared error, in the unit of the target. */
  public static final Metric RMSE =
      of("rmse", false, (s, t) -> Math.sqrt(squaredError(s, t) / t.length));

  /** Share of the variance that is explained, the bias counting as unexplained. */
  public static final Metric R2 = of("r2", true, (s, t) -> 1 - squaredError(s, t) / spread(t));

  /** Share of the variance that is explained, whatever the bias. */
  public static final Metric EXPLAINED_VARIANCE =
      of("explained_variance", true, (s, t) -> 1 - spread(residuals(s, t)) / spread(t));

  /** Pearson's correlation of prediction and target. */
  public static final Metric PEARSON =
      of(
          "pearson",
          true,
          (scores, targets) -> Correlation.pearson(Rows.column(scores, 0), targets));

  /** Spearman's rank correlation of prediction and target. */
  public static final Metric SPEARMAN =
      of(
          "spearman",
          true,
          (scores, targets) -> Correlation.spearman(Rows.column(scores, 0), targets));

  private Metrics() {}

  /** All metrics, for listing. */
  public static List<Metric> all() {
    return List.of(
        ACCURACY,
        BALANCED_ACCURACY,
        MACRO_F1,
        KAPPA,
        MATTHEWS,
        TOP2,
        ROC_AUC,
        AVERAGE_PRECISION,
        LOG_LOSS,
        BRIER,
        CALIBRATION_ERROR,
        MAE,
        MEDIAN_ERROR,
        MSE,
        RMSE,
        R2,
        EXPLAINED_VARIANCE,
        PEARSON,
        SPEARMAN);
  }

  private record Simple(
      String id, boolean higherIsBetter, ToDoubleBiFunction<double[][], double[][]> formula)
      implements Metric {

    @Override
    public double compute(double[][] scores, double[][] targets) {
      if (scores.length != targets.length || targets.length == 0) {
        throw new IllegalArgumentException(
            "%s needs as many rows of scores as targets, at least one; there are %d and %d"
                .formatted(id, scores.length, targets.length));
      }
      return formula.applyAsDouble(scores, targets);
    }
  }

  private static Metric of(
      String id, boolean higherIsBetter, ToDoubleBiFunction<double[][], double[]> formula) {
    return ofRows(
        id, higherIsBetter, (scores, rows) -> formula.applyAsDouble(scores, Rows.first(rows)));
  }

  /**
   * A metric over targets that are rows.
   *
   * @param formula takes scores and targets, a row per example each
   */
  public static Metric ofRows(
      String id, boolean higherIsBetter, ToDoubleBiFunction<double[][], double[][]> formula) {
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
    return Confusion.of(scores, targets, classes).counts();
  }

  private static Confusion confusion(double[][] scores, double[] targets) {
    return Confusion.of(scores, targets, scores[0].length);
  }

  private static double macroF1(double[][] scores, double[] targets) {
    Confusion confusion = confusion(scores, targets);
    return confusion.mean(Confusion.Mean.MACRO, confusion::f1);
  }

  /** Share of examples with fewer than k scores above that of their class. */
  public static double topAccuracy(double[][] scores, double[] targets, int k) {
    int right = 0;
    for (int i = 0; i < targets.length; i++) {
      double own = scores[i][(int) targets[i]];
      right += Arrays.stream(scores[i]).filter(score -> score > own).count() < k ? 1 : 0;
    }
    return (double) right / targets.length;
  }

  private static double againstRest(
      double[][] scores, double[] targets, ToDoubleFunction<BinaryRanking> figure) {
    if (scores[0].length == 2) {
      return figure.applyAsDouble(ranking(scores, targets, 1));
    }
    double sum = 0;
    for (int c = 0; c < scores[0].length; c++) {
      sum += figure.applyAsDouble(ranking(scores, targets, c));
    }
    return sum / scores[0].length;
  }

  private static BinaryRanking ranking(double[][] scores, double[] targets, int label) {
    boolean[] positive = new boolean[targets.length];
    for (int i = 0; i < positive.length; i++) {
      positive[i] = (int) targets[i] == label;
    }
    return BinaryRanking.of(Rows.column(scores, label), positive);
  }

  private static double[] residuals(double[][] scores, double[] targets) {
    double[] residuals = Rows.column(scores, 0);
    for (int i = 0; i < residuals.length; i++) {
      residuals[i] -= targets[i];
    }
    return residuals;
  }

  private static double[] absoluteErrors(double[][] scores, double[] targets) {
    return Arrays.stream(residuals(scores, targets)).map(Math::abs).toArray();
  }

  private static double medianError(double[][] scores, double[] targets) {
    double[] errors = absoluteErrors(scores, targets);
    Arrays.sort(errors);
    int half = errors.length / 2;
    return errors.length % 2 == 1 ? errors[half] : (errors[half - 1] + errors[half]) / 2;
  }

  private static double squaredError(double[][] scores, double[] targets) {
    return Arrays.stream(residuals(scores, targets)).map(r -> r * r).sum();
  }

  /** Sum of squared distances to the mean. */
  private static double spread(double[] values) {
    double mean = Arrays.stream(values).average().orElse(Double.NaN);
    return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
  }
}
