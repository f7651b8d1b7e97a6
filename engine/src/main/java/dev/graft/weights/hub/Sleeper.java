package dev.graft.weights.hub;

import java.time.Duration;

/** Waits between two tries; passed in so that tests need not wait. */
@FunctionalInterface
public interface Sleeper {

  /** Really waits. */
  Sleeper REAL = duration -> Thread.sleep(duration.toMillis());

  /**
   * Waits.
   *
   * @throws InterruptedException if the thread is asked to stop
   */
  void sleep(Duration duration) throws InterruptedException;
}
