package dev.graft.server;

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
