package dev.graft.cli;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Turns Ctrl-C and TERM into a question that a run asks after each update, and gives the run time
 * to end with a snapshot. The process then ends with the exit code of the command; where the run
 * takes too long, with the system's own for the signal.
 */
final class StopSignal implements BooleanSupplier, AutoCloseable {

  /** Longest wait for the snapshot, in seconds. */
  private static final int GRACE_SECONDS = 60;

  private final PrintStream err;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stopAndWait, "graft-stop");
  private volatile boolean asked;
  private volatile int code;

  private StopSignal(PrintStream err) {
    this.err = err;
  }

  /** Listens from now on; messages go to standard error. */
  static StopSignal listen() {
    StopSignal signal = new StopSignal(System.err);
    java.lang.Runtime.getRuntime().addShutdownHook(signal.hook);
    return signal;
  }

  /** True once somebody wants the process to end. */
  @Override
  public boolean getAsBoolean() {
    return asked;
  }

  /** The command is over; its exit code is kept for the end of the process. */
  int end(int exitCode) {
    code = exitCode;
    return exitCode;
  }

  private void stopAndWait() {
    asked = true;
    err.println("\nstopping ...");
    try {
      if (ended.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
        // A signal sets an exit code of its own, which only a halt replaces.
        java.lang.Runtime.getRuntime().halt(code);
      }
      err.println("graft: no snapshot within %d s; the last one stands".formatted(GRACE_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    ended.countDown();
    if (!asked) {
      try {
        java.lang.Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The signal has just arrived: the hook runs and ends at once.
        asked = true;
      }
    }
  }
}
