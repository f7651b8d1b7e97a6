package dev.graft.infer;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;

/**
 * How a predictor computes, and for which task. Nothing else changes what it says beyond the last
 * bits.
 *
 * @param maxBatch most examples that are computed together, at least 1
 * @param maxDelay how long a single request may wait for others to join it; zero: not at all
 * @param capacity single requests that may wait before more are refused, at least 1
 * @param foldNorms whether normalisations are folded into the convolutions before them
 * @param threads makes the one thread that answers single requests
 * @param task name of the task that is answered, of a model with several; empty: the first
 */
public record PredictorOptions(
    int maxBatch,
    Duration maxDelay,
    int capacity,
    boolean foldNorms,
    ThreadFactory threads,
    String task) {

  /** Batches of up to 32, two milliseconds of waiting, a daemon thread. */
  public static PredictorOptions defaults() {
    return new PredictorOptions(
        32,
        Duration.ofMillis(2),
        1024,
        true,
        task -> {
          Thread thread = new Thread(task, "graft-predict");
          thread.setDaemon(true);
          return thread;
        },
        "");
  }

  public PredictorOptions {
    if (maxBatch < 1 || capacity < 1 || maxDelay.isNegative()) {
      throw new IllegalArgumentException(
          "batches of %d, a delay of %s and a capacity of %d; batches and capacity are 1 or more, the delay 0 or more"
              .formatted(maxBatch, maxDelay, capacity));
    }
  }

  /** With other bounds of a batch. */
  public PredictorOptions withBatch(int most, Duration delay) {
    return new PredictorOptions(most, delay, capacity, foldNorms, threads, task);
  }

  /** With another bound on waiting requests. */
  public PredictorOptions withCapacity(int value) {
    return new PredictorOptions(maxBatch, maxDelay, value, foldNorms, threads, task);
  }

  /** With or without folding. */
  public PredictorOptions withFoldNorms(boolean value) {
    return new PredictorOptions(maxBatch, maxDelay, capacity, value, threads, task);
  }

  /** With one of several tasks, by name. */
  public PredictorOptions withTask(String value) {
    return new PredictorOptions(maxBatch, maxDelay, capacity, foldNorms, threads, value);
  }
}
