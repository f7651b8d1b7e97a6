package dev.graft.infer;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Where single requests wait for others to be computed with. */
interface Gathering<R> extends AutoCloseable {

  /**
   * Hands in an input that is ready for the model.
   *
   * @param told how it was computed, before it is answered; not called where it is not computed
   * @throws PredictorException if it is closed or full
   */
  CompletableFuture<double[]> submit(R ready, Urgency urgency, Consumer<Computation> told);

  /** The same where nobody asks how it was computed. */
  default CompletableFuture<double[]> submit(R ready, Urgency urgency) {
    return submit(ready, urgency, told -> {});
  }

  /** Number of batches that have been computed. */
  long batches();

  /** From now on computes what waits at once. */
  void hurry();

  /** Refuses what waits, and returns when nothing of it is computed any more. */
  @Override
  void close();
}
