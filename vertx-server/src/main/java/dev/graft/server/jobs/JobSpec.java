package dev.graft.server.jobs;

import dev.graft.data.Splitter;
import java.util.Map;

/**
 * What a client asks a job to do. Folders are named, never given as paths.
 *
 * @param base name of the pretrained model
 * @param data name of the labelled examples
 * @param methods transfer methods with their settings, as {@code graft fit --method} takes them
 * @param seed all randomness derives from it
 * @param perClass labelled examples per class to use; 0: all
 * @param validationShare share of them that selects, where the data have no validation part
 * @param inputSize input height and width in pixels; 0: the base's own
 * @param snapshotUpdates updates between snapshots within an epoch; 0: one after each epoch
 * @param others names of further folders by what they are for: {@link #TEACHER} is a base, {@link
 *     #UNLABELLED}, {@link #SOURCE} and {@link #TEST} are data sets
 */
public record JobSpec(
    String base,
    String data,
    String methods,
    long seed,
    int perClass,
    Double validationShare,
    int inputSize,
    int snapshotUpdates,
    Map<String, String> others) {

  /** A model to learn from. */
  public static final String TEACHER = "teacher";

  /** Examples whose labels are not read. */
  public static final String UNLABELLED = "unlabelled";

  /** Labelled examples of another domain. */
  public static final String SOURCE = "source";

  /** Examples for the final figures. */
  public static final String TEST = "test";

  public JobSpec {
    // A job that was made before there was a choice has none.
    validationShare = validationShare == null ? Splitter.VALIDATION_SHARE : validationShare;
    others = Map.copyOf(others);
  }

  /** With another base and other methods. */
  JobSpec with(String name, String ids) {
    return new JobSpec(
        name, data, ids, seed, perClass, validationShare, inputSize, snapshotUpdates, others);
  }
}
