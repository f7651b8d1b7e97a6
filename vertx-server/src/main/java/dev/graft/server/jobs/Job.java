package dev.graft.server.jobs;

import java.time.Instant;
import java.util.Optional;

/**
 * A job as its record on disk has it.
 *
 * @param id its name, and that of its folder; later jobs have greater ones
 * @param spec what it does
 * @param created milliseconds since 1970
 * @param status where it stands
 */
public record Job(String id, JobSpec spec, long created, Status status) {

  /** Before the number in an id. */
  static final String PREFIX = "job-";

  /**
   * Where a job stands.
   *
   * @param state what happens to it
   * @param message why it is as it is; empty where there is nothing to say
   * @param changed last change of the state, in milliseconds since 1970
   * @param process the last one that worked on it; {@link Worker#NONE} before the first
   * @param crashes how often its process ended without a word while the server looked
   * @param cancelled whether a client wants it to end
   */
  public record Status(
      JobState state,
      String message,
      long changed,
      Worker process,
      int crashes,
      boolean cancelled) {

    Status as(JobState value, String why, long now) {
      return new Status(value, why, now, process, crashes, cancelled);
    }

    Status asRunning(Worker value, long now) {
      return new Status(JobState.RUNNING, "", now, value, crashes, cancelled);
    }

    Status asCrashed() {
      return new Status(state, message, changed, process, crashes + 1, cancelled);
    }

    Status asCancelled() {
      return new Status(state, message, changed, process, crashes, true);
    }
  }

  /**
   * A process. A number is given to another process later, together with the time of its start it
   * is not.
   *
   * @param pid its number
   * @param started milliseconds since 1970; 0 where the system does not tell
   */
  public record Worker(long pid, long started) {

    /** No process. */
    public static final Worker NONE = new Worker(0, 0);

    /** Systems tell the time of a start with this error, in milliseconds. */
    private static final long INACCURACY = 2_000;

    static Worker of(ProcessHandle handle) {
      return new Worker(handle.pid(), started(handle));
    }

    /** The process itself, if it still runs. */
    Optional<ProcessHandle> alive() {
      return pid == 0
          ? Optional.empty()
          : ProcessHandle.of(pid)
              .filter(ProcessHandle::isAlive)
              .filter(handle -> Math.abs(started(handle) - started) <= INACCURACY);
    }

    private static long started(ProcessHandle handle) {
      return handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
  }

  /** Its state. */
  public JobState state() {
    return status.state();
  }

  Job with(Status value) {
    return new Job(id, spec, created, value);
  }
}
