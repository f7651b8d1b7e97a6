package dev.graft.train;

import dev.graft.tensor.DType;

/**
 * Choices of a run that change speed and safety, not what is learned.
 *
 * @param decodeThreads threads that decode and transform examples; at least 1
 * @param cacheFeatures whether outputs of the frozen prefix are kept where they do not change
 * @param prefixPrecision element type the frozen prefix computes in
 * @param snapshotUpdates updates between snapshots within an epoch; 0: only at the end of epochs
 * @param keepSnapshots how many snapshots stay on disk; at least 1
 * @param skipCorrupt whether a corrupt example is named, counted and skipped, or ends the run
 * @param evaluationBatch examples per batch where nothing trains
 */
public record TrainOptions(
    int decodeThreads,
    boolean cacheFeatures,
    DType prefixPrecision,
    int snapshotUpdates,
    int keepSnapshots,
    boolean skipCorrupt,
    int evaluationBatch) {

  /** Sensible choices for this machine. */
  public static TrainOptions defaults() {
    int threads = java.lang.Runtime.getRuntime().availableProcessors();
    return new TrainOptions(threads, true, DType.FLOAT32, 0, 2, true, 32);
  }

  /** With or without the feature cache. */
  public TrainOptions withCacheFeatures(boolean value) {
    return new TrainOptions(
        decodeThreads,
        value,
        prefixPrecision,
        snapshotUpdates,
        keepSnapshots,
        skipCorrupt,
        evaluationBatch);
  }

  /** With another precision of the frozen prefix. */
  public TrainOptions withPrefixPrecision(DType value) {
    return new TrainOptions(
        decodeThreads,
        cacheFeatures,
        value,
        snapshotUpdates,
        keepSnapshots,
        skipCorrupt,
        evaluationBatch);
  }

  /** With snapshots within epochs. */
  public TrainOptions withSnapshotUpdates(int value) {
    return new TrainOptions(
        decodeThreads,
        cacheFeatures,
        prefixPrecision,
        value,
        keepSnapshots,
        skipCorrupt,
        evaluationBatch);
  }

  /** With another treatment of corrupt examples. */
  public TrainOptions withSkipCorrupt(boolean value) {
    return new TrainOptions(
        decodeThreads,
        cacheFeatures,
        prefixPrecision,
        snapshotUpdates,
        keepSnapshots,
        value,
        evaluationBatch);
  }
}
