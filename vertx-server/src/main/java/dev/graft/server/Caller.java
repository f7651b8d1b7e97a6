package dev.graft.server;

import dev.graft.server.access.Refusal;
import java.util.OptionalLong;

/** Who waits for an answer, or for one after the other. */
final class Caller {

  private final OptionalLong deadline;
  private boolean gone;
  private Runnable end = () -> {};

  /**
   * One who waits.
   *
   * @param deadline until when, as {@link System#nanoTime()} counts; empty for as long as it takes
   */
  Caller(OptionalLong deadline) {
    this.deadline = deadline;
  }

  OptionalLong deadline() {
    return deadline;
  }

  /** Nobody waits any more: the call was cancelled, or its connection or its time is over. */
  void leave() {
    Runnable last;
    synchronized (this) {
      gone = true;
      last = end;
    }
    last.run();
  }

  /** True if nobody waits any more. */
  synchronized boolean isGone() {
    return gone;
  }

  /** What somebody who has gone would be told. */
  Refusal refusal() {
    // A difference, because the count may overflow.
    return deadline.isPresent() && deadline.getAsLong() - System.nanoTime() <= 0
        ? Refusal.late("the deadline has passed")
        : Refusal.cancelled();
  }

  /** What ends the work that was begun last; it may run after that work has ended by itself. */
  void whenGone(Runnable action) {
    boolean now;
    synchronized (this) {
      end = action;
      now = gone;
    }
    if (now) {
      action.run();
    }
  }
}
