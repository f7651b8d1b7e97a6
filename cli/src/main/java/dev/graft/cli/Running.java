package dev.graft.cli;

import dev.graft.Fitted;
import dev.graft.train.TrainListener;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** Runs a fit under a progress display, so that Ctrl-C ends it with a snapshot. */
final class Running {

  /** Longest wait for the snapshot after Ctrl-C, in seconds. */
  private static final int GRACE_SECONDS = 60;

  private Running() {}

  /** A fit that can be stopped and heard. */
  interface Fit {

    Fitted run(BooleanSupplier stop, TrainListener listener) throws IOException;
  }

  /** Runs a fit to its end and prints its summary. */
  static int run(Output output, Fit fit) throws IOException {
    AtomicBoolean stop = new AtomicBoolean();
    CountDownLatch done = new CountDownLatch(1);
    Thread hook = new Thread(() -> stopAndWait(stop, done), "graft-stop");
    java.lang.Runtime.getRuntime().addShutdownHook(hook);
    try (ProgressDisplay display = ProgressDisplay.onStandardError()) {
      Fitted fitted = fit.run(stop::get, display);
      display.close();
      if (!fitted.result().completed()) {
        output.say("stopped with a snapshot; go on with: graft resume " + fitted.run());
        return Main.STOPPED;
      }
      FitSummary summary = FitSummary.of(fitted);
      output.print(summary, summary::print);
      return 0;
    } finally {
      done.countDown();
      if (!stop.get()) {
        java.lang.Runtime.getRuntime().removeShutdownHook(hook);
      }
    }
  }

  private static void stopAndWait(AtomicBoolean stop, CountDownLatch done) {
    stop.set(true);
    try {
      if (!done.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println(
            "graft: no snapshot within " + GRACE_SECONDS + " s; the last one stands");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
