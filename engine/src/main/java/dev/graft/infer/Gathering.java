package dev.graft.infer;

import java.util.concurrent.CompletableFuture;

/** Where single requests wait for others to be computed with. */
interface Gathering<R> extends AutoCloseable {

  /**
   * Hands in an input that is ready for the model.
   *
   * @throws PredictorException if it is closed or full
   */
  CompletableFuture<double[]> submit(R ready, Urgency urgency);

  /** Number of batches that have been computed. */
  long batches();

  /** From now on computes what waits at once. */
  void hurry();

  /** Refuses what waits, and returns when nothing of it is computed any more. */
  @Override
  void close();
}
