package dev.graft.plan;

/**
 * Where a phase's batches come from.
 *
 * @param data name of a data set of the run: {@code training}, or one a method adds
 * @param batchSize examples per update
 * @param augmentation id of a random path of the preprocessing; {@code none} for the deterministic
 *     one, which is what makes a feature cache possible
 * @param views how many differently augmented copies of each example a batch holds
 */
public record Stream(String data, int batchSize, String augmentation, int views) {

  /** No augmentation. */
  public static final String NONE = "none";

  /** The training part, one view. */
  public static Stream training(int batchSize, String augmentation) {
    return new Stream("training", batchSize, augmentation, 1);
  }
}
