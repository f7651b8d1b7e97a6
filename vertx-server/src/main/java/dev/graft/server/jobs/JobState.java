package dev.graft.server.jobs;

/** Where a job stands. */
public enum JobState {
  /** Waits for its turn. */
  QUEUED,
  /** Its process runs. */
  RUNNING,
  /** Somebody ended its process with a signal; it goes on when the server starts again. */
  STOPPED,
  /** Its run folder holds a bundle. */
  SUCCEEDED,
  /** It cannot be carried out; the record says why. */
  FAILED,
  /** A client ended it. */
  CANCELLED;

  /** True if nothing will happen any more. */
  public boolean isFinal() {
    return this == SUCCEEDED || this == FAILED || this == CANCELLED;
  }
}
