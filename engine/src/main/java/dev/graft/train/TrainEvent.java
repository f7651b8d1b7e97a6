package dev.graft.train;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.graft.report.EpochRecord;
import java.util.Map;

/** What happens in a run, as it happens; written as JSON lines and given to listeners. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(TrainEvent.RunStarted.class),
  @JsonSubTypes.Type(TrainEvent.PhaseStarted.class),
  @JsonSubTypes.Type(TrainEvent.FeaturesCached.class),
  @JsonSubTypes.Type(TrainEvent.Progress.class),
  @JsonSubTypes.Type(TrainEvent.EpochEnded.class),
  @JsonSubTypes.Type(TrainEvent.SnapshotSaved.class),
  @JsonSubTypes.Type(TrainEvent.Note.class),
  @JsonSubTypes.Type(TrainEvent.RunEnded.class)
})
public sealed interface TrainEvent {

  /**
   * A run starts or goes on.
   *
   * @param resumedAt updates made before; 0 for a new run
   * @param configuration what computes: threads, device, kernels, libraries
   */
  record RunStarted(long resumedAt, Map<String, String> configuration) implements TrainEvent {}

  /**
   * A phase starts.
   *
   * @param name of the phase
   * @param number from 1
   * @param of number of phases
   * @param updates updates it will make if it does not end early
   * @param trainable number of parameters that train
   * @param frozenGroups groups before the cut, whose output carries no gradient
   */
  record PhaseStarted(
      String name, int number, int of, long updates, long trainable, int frozenGroups)
      implements TrainEvent {}

  /**
   * Features of the frozen prefix were computed and kept.
   *
   * @param data which part of the data
   * @param examples number of rows
   * @param bytes size on disk
   * @param reused true if they were there already
   * @param precision of the computation, for example {@code float32}
   * @param relativeError largest difference to float32 over the largest value; 0 for float32
   */
  record FeaturesCached(
      String data, int examples, long bytes, boolean reused, String precision, double relativeError)
      implements TrainEvent {}

  /**
   * An update was made, or a batch of features was computed.
   *
   * @param phase name of the phase, or of what is prepared for it: {@code features of training}
   * @param update number in the phase, from 1
   * @param of updates of the phase
   * @param loss of the batch; NaN where nothing is learned
   * @param gradientNorm global norm before clipping; NaN where it was not computed
   * @param examplesPerSecond rate since the last event of this kind
   */
  record Progress(
      String phase,
      long update,
      long of,
      double loss,
      double gradientNorm,
      double examplesPerSecond)
      implements TrainEvent {}

  /** An epoch ended. */
  record EpochEnded(EpochRecord epoch) implements TrainEvent {}

  /**
   * A snapshot is safely on disk.
   *
   * @param folder its name
   * @param updates updates made so far
   */
  record SnapshotSaved(String folder, long updates) implements TrainEvent {}

  /** Something worth telling: a skipped batch, a skipped example, overfitting, a rollback. */
  record Note(String text) implements TrainEvent {}

  /**
   * A run ended.
   *
   * @param completed false if it was stopped and can be resumed
   * @param updates updates made
   */
  record RunEnded(boolean completed, long updates) implements TrainEvent {}
}
