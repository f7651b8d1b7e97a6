package dev.graft.cli;

import dev.graft.Fitted;
import dev.graft.train.TrainListener;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/** Runs a fit under a progress display, so that Ctrl-C ends it with a snapshot. */
final class Running {

  private Running() {}

  /** A fit that can be stopped and heard. */
  interface Fit {

    Fitted run(BooleanSupplier stop, TrainListener listener) throws IOException;
  }

  /** Runs a fit to its end and prints its summary. */
  static int run(Output output, Fit fit) throws IOException {
    try (StopSignal stop = StopSignal.listen()) {
      Fitted fitted = heard(fit, stop);
      if (!fitted.result().completed()) {
        return stop.end(stopped(output, fitted));
      }
      FitSummary summary = FitSummary.of(fitted);
      output.print(summary, summary::print);
      return stop.end(0);
    }
  }

  /** Says how a stopped fit goes on; returns the exit code. */
  static int stopped(Output output, Fitted fitted) {
    output.say(
        "stopped after %d updates; go on with: graft resume %s"
            .formatted(fitted.result().updates(), fitted.run()));
    return Main.STOPPED;
  }

  /** Runs a fit under a display that is gone afterwards. */
  static Fitted heard(Fit fit, BooleanSupplier stop) throws IOException {
    try (ProgressDisplay display = ProgressDisplay.onStandardError()) {
      return fit.run(stop, display);
    }
  }
}
