package dev.graft.server;

import dev.graft.infer.Computation;

/**
 * How long the parts of one request take. Threads that decode and compute tell; it is read once the
 * request is answered.
 */
final class Stages {

  private final long began = System.nanoTime();
  private long decoded = began;
  private Computation last = new Computation(0, 0, 1, 0);

  /** All inputs are decoded and wait to be computed. */
  synchronized void decoded() {
    decoded = System.nanoTime();
  }

  /** An input was computed. */
  synchronized void computed(Computation computation) {
    if (computation.total() > last.total()) {
      last = computation;
    }
  }

  /** Nanoseconds since the request came in. */
  long total() {
    return System.nanoTime() - began;
  }

  /** Nanoseconds from its arrival until all inputs were decoded. */
  synchronized long input() {
    return decoded - began;
  }

  /** Of the input that was longest in the queue and in computation. */
  synchronized Computation last() {
    return last;
  }
}
