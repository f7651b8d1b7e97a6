package dev.graft.plan;

/** What happens to the normalisation layers of groups that are frozen. */
public enum Normalisation {
  /** Statistics and affine parameters stay; the layer runs in evaluation mode. */
  FROZEN,
  /** Statistics follow the new data; affine parameters stay. */
  ADAPT_STATISTICS,
  /** Affine parameters train; statistics stay. */
  TRAIN_AFFINE,
  /** Statistics follow and affine parameters train. */
  FULL;

  /** True if running statistics move. */
  public boolean adaptsStatistics() {
    return this == ADAPT_STATISTICS || this == FULL;
  }

  /** True if scale and shift train. */
  public boolean trainsAffine() {
    return this == TRAIN_AFFINE || this == FULL;
  }
}
