package dev.graft.server;

import dev.graft.infer.Predictor;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A version of a model that answers, and what it has answered. */
final class ServedModel {

  private final String name;
  private final String version;
  private final Predictor predictor;
  private final AtomicLong succeeded = new AtomicLong();
  private final AtomicLong succeededNanos = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong failedNanos = new AtomicLong();
  private final AtomicLong examples = new AtomicLong();
  private volatile long last;

  ServedModel(String name, String version, Predictor predictor) {
    this.name = name;
    this.version = version;
    this.predictor = predictor;
  }

  String name() {
    return name;
  }

  String version() {
    return version;
  }

  Predictor predictor() {
    return predictor;
  }

  /** Labels in the order of the scores; empty where the model predicts a number. */
  List<String> labels() {
    return predictor.task().labels();
  }

  /**
   * Counts a request.
   *
   * @param nanos from its arrival to its answer
   * @param now milliseconds since 1970
   */
  void answered(int count, long nanos, long now) {
    succeeded.incrementAndGet();
    succeededNanos.addAndGet(nanos);
    examples.addAndGet(count);
    last = now;
  }

  /** Counts a request that failed after {@code nanos}. */
  void refused(long nanos) {
    failed.incrementAndGet();
    failedNanos.addAndGet(nanos);
  }

  /** What has been counted. */
  Counts counts() {
    return new Counts(
        succeeded.get(),
        succeededNanos.get(),
        failed.get(),
        failedNanos.get(),
        examples.get(),
        last);
  }

  /** Numbers of requests with their nanoseconds, number of examples, time of the last answer. */
  record Counts(
      long succeeded,
      long succeededNanos,
      long failed,
      long failedNanos,
      long examples,
      long last) {}
}
