package dev.graft.train;

/** Tells listeners how a phase advances, a few times per second at most. */
final class Pace {

  private static final long INTERVAL_NANOS = 200_000_000L;

  private final String phase;
  private final long total;
  private final TrainListener listener;
  private long lastNanos = System.nanoTime();
  private long examples;

  Pace(String phase, long total, TrainListener listener) {
    this.phase = phase;
    this.total = total;
    this.listener = listener;
  }

  /** An update was made. */
  void tell(long update, PhaseRun.UpdateOutcome outcome) {
    tell(update, outcome.loss(), outcome.gradientNorm(), outcome.examples());
  }

  /** Some examples were prepared; {@code step} of all steps are done. */
  void tell(long step, int more) {
    tell(step, Double.NaN, Double.NaN, more);
  }

  private void tell(long update, double loss, double gradientNorm, int more) {
    examples += more;
    long now = System.nanoTime();
    if (now - lastNanos >= INTERVAL_NANOS || update == total) {
      double rate = examples * 1e9 / Math.max(1, now - lastNanos);
      listener.on(new TrainEvent.Progress(phase, update, total, loss, gradientNorm, rate));
      lastNanos = now;
      examples = 0;
    }
  }
}
