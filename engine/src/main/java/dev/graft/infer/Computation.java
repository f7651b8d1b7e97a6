package dev.graft.infer;

/**
 * How a single request was computed.
 *
 * @param waited nanoseconds from its arrival in the queue to the beginning of the computation
 * @param computed nanoseconds that the computation of its batch took
 * @param batch number of requests that were computed together, at least 1
 * @param place of this one among them, from 0: who counts batches counts those at 0
 */
public record Computation(long waited, long computed, int batch, int place) {

  /** Nanoseconds from its arrival in the queue to its answer. */
  public long total() {
    return waited + computed;
  }
}
