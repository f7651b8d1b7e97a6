package dev.graft.server;

import dev.graft.infer.Predictor;
import dev.graft.server.access.Refusal;
import io.vertx.grpc.common.GrpcStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A version of a model that answers, and what it has answered.
 *
 * <p>Inputs {@linkplain #enter enter} before they are decoded and leave when they are answered, so
 * that too many are refused at once, and none is within when the model is freed.
 */
final class ServedModel {

  private final String name;
  private final String version;
  private final Predictor predictor;
  private final Optional<String> base;
  private final Room room;
  private final AtomicLong succeeded = new AtomicLong();
  private final AtomicLong succeededNanos = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong failedNanos = new AtomicLong();
  private final AtomicLong examples = new AtomicLong();
  private final AtomicLong inputNanos = new AtomicLong();
  private final AtomicLong queueNanos = new AtomicLong();
  private final AtomicLong inferNanos = new AtomicLong();
  private final AtomicLong shed = new AtomicLong();
  private final AtomicLong cancelled = new AtomicLong();
  private final AtomicLong expired = new AtomicLong();
  private volatile long last;

  /** Inputs that are decoded, wait or are computed; guarded by this, as is what follows. */
  private int within;

  private boolean retired;

  private long entered = System.nanoTime();

  /**
   * A model that is ready.
   *
   * @param base name of the base that it shares with others
   * @param room for inputs, which it may share
   */
  ServedModel(String name, String version, Predictor predictor, Optional<String> base, Room room) {
    this.name = name;
    this.version = version;
    this.predictor = predictor;
    this.base = base;
    this.room = room;
  }

  /**
   * Lets inputs in.
   *
   * @return false if the model is being replaced or unloaded: whoever asks again finds another
   * @throws Refusal if too many are within
   */
  synchronized boolean enter(int inputs) {
    if (retired) {
      return false;
    }
    if (!room.take(inputs)) {
      throw Refusal.overloaded(
          "%d inputs are too many beside the %d that wait, of at most %d; try again later"
              .formatted(inputs, room.taken(), room.most()));
    }
    within += inputs;
    entered = System.nanoTime();
    return true;
  }

  /** Takes inputs out that were let in. */
  synchronized void leave(int inputs) {
    within -= inputs;
    room.giveBack(inputs);
    if (within == 0) {
      notifyAll();
    }
  }

  /** Lets nothing in any more, gives what is within some time to be answered, and frees. Blocks. */
  void retire(Duration time) {
    boolean interrupted = false;
    predictor.hurry();
    synchronized (this) {
      retired = true;
      long end = System.nanoTime() + time.toNanos();
      for (long left = time.toMillis();
          within > 0 && left > 0 && !interrupted;
          left = Duration.ofNanos(end - System.nanoTime()).toMillis()) {
        try {
          wait(left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    predictor.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  String name() {
    return name;
  }

  String version() {
    return version;
  }

  /** Name of the base that it shares with others; empty where it shares none. */
  Optional<String> base() {
    return base;
  }

  /** Nanoseconds since the last input came in, or since it was loaded. */
  synchronized long idle() {
    return System.nanoTime() - entered;
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
   * @param stages what it spent them on
   * @param now milliseconds since 1970
   */
  void answered(int count, long nanos, Stages stages, long now) {
    succeeded.incrementAndGet();
    succeededNanos.addAndGet(nanos);
    inputNanos.addAndGet(stages.input());
    queueNanos.addAndGet(stages.last().waited());
    inferNanos.addAndGet(stages.last().computed());
    examples.addAndGet(count);
    last = now;
  }

  /** Counts a request that failed after {@code nanos}. */
  void failed(Throwable why, long nanos) {
    failed.incrementAndGet();
    failedNanos.addAndGet(nanos);
    GrpcStatus status = why instanceof Refusal refusal ? refusal.status() : GrpcStatus.INTERNAL;
    switch (status) {
      case RESOURCE_EXHAUSTED -> shed.incrementAndGet();
      case CANCELLED -> cancelled.incrementAndGet();
      case DEADLINE_EXCEEDED -> expired.incrementAndGet();
      default -> {}
    }
  }

  private synchronized int pending() {
    return within;
  }

  /** What has been counted. */
  Counts counts() {
    return new Counts(
        pending(),
        succeeded.get(),
        succeededNanos.get(),
        failed.get(),
        failedNanos.get(),
        examples.get(),
        inputNanos.get(),
        queueNanos.get(),
        inferNanos.get(),
        shed.get(),
        cancelled.get(),
        expired.get(),
        predictor.batches(),
        last);
  }

  /**
   * What a model has answered since it was loaded.
   *
   * @param pending inputs that are not answered yet
   * @param succeeded requests that were answered
   * @param succeededNanos nanoseconds from their arrival to their answers
   * @param failed requests that were not answered
   * @param failedNanos nanoseconds until that was known
   * @param examples inputs of the requests that were answered
   * @param inputNanos nanoseconds until all inputs of those were decoded
   * @param queueNanos nanoseconds for which they waited to be computed
   * @param inferNanos nanoseconds for which they were computed
   * @param shed requests of those that failed, because too many inputs were within
   * @param cancelled the same, because nobody waited any more
   * @param expired the same, because there was no answer before the deadline
   * @param batches batches that inputs were computed in, those of other models over its base too
   * @param last time of the last answer in milliseconds since 1970
   */
  record Counts(
      int pending,
      long succeeded,
      long succeededNanos,
      long failed,
      long failedNanos,
      long examples,
      long inputNanos,
      long queueNanos,
      long inferNanos,
      long shed,
      long cancelled,
      long expired,
      long batches,
      long last) {}
}
