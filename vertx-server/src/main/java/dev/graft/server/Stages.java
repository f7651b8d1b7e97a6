package dev.graft.server;

import dev.graft.infer.Computation;
import dev.graft.server.operations.Tracing;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.context.Context;

/**
 * How long the parts of one request take. Threads that decode and compute tell; it is read once the
 * request is answered.
 */
final class Stages {

  private static final AttributeKey<String> MODEL = AttributeKey.stringKey("graft.model");
  private static final AttributeKey<String> VERSION = AttributeKey.stringKey("graft.version");
  private static final AttributeKey<Long> BATCH = AttributeKey.longKey("graft.batch.size");

  private final long began = System.nanoTime();
  private long decoded = began;
  private Computation last = new Computation(0, 0, 1, 0);
  private long answered = began;

  /** The call as those who trace it know it. */
  private final Context call = Context.current();

  /** All inputs are decoded and wait to be computed. */
  synchronized void decoded() {
    decoded = System.nanoTime();
  }

  /** An input was computed. */
  synchronized void computed(Computation computation) {
    if (computation.total() > last.total()) {
      last = computation;
      answered = System.nanoTime();
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

  /** Tells what the time went by on. */
  synchronized void tell(Tracing tracing, ServedModel model) {
    Attributes attributes = Attributes.of(MODEL, model.name(), VERSION, model.version());
    long begin = answered - last.computed();
    tracing.part(call, "graft.decode", began, input(), attributes);
    tracing.part(call, "graft.queue", begin - last.waited(), last.waited(), attributes);
    tracing.part(
        call,
        "graft.compute",
        begin,
        last.computed(),
        attributes.toBuilder().put(BATCH, (long) last.batch()).build());
  }

  /** Of the input that was longest in the queue and in computation. */
  synchronized Computation last() {
    return last;
  }
}
