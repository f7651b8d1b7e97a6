package dev.graft;

/**
 * A task besides that of the labelled data, as it is asked for.
 *
 * @param name its name among the tasks
 * @param kind what stands at the path
 * @param path a folder or a file
 */
public record OtherTask(String name, Kind kind, String path) {

  /** Where the labels of a task come from. */
  public enum Kind {
    /** A data folder with examples of its own. */
    DATA,
    /** A table with further labels of the labelled data. */
    LABELS
  }
}
