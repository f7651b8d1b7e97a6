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
   * @param targets one per row, as {@code Dataset.target} returns them
   */
  double compute(double[][] scores, double[] targets);
}
