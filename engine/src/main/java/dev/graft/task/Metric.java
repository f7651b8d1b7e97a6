package dev.graft.task;

/** A figure of merit over a whole data set part. Pure. */
public interface Metric {

  /** Id, for example {@code accuracy}. */
  String id();

  /** True if more is better. */
  boolean higherIsBetter();

  /**
   * The figure.
   *
   * @param scores one row per example, as {@link Task#scores} returns them
   * @param targets one per row, as {@code Dataset.targetRow} returns them
   */
  double compute(double[][] scores, double[][] targets);

  /** The figure where each target is one number. */
  default double compute(double[][] scores, double[] targets) {
    return compute(scores, Rows.of(targets));
  }
}
