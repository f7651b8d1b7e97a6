package dev.graft.server.operations;

import dev.graft.infer.Computation;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/**
 * What is counted, for Prometheus. Calls have the names that gRPC gives them: {@code
 * grpc_server_call_*} with the labels {@code grpc_method} and {@code grpc_status}.
 */
public final class ServerMetrics implements AutoCloseable {

  private static final String METHOD = "grpc.method";
  private static final String STATUS = "grpc.status";
  private static final String BYTES = "bytes";

  /** Bounds of the distribution of sizes of batches. */
  private static final double[] BATCHES = {1, 2, 4, 8, 16, 32, 64, 128};

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** With memory, threads and processors of this process. */
  public ServerMetrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
  }

  /** Tells a number whenever somebody asks. */
  public <T> void gauge(String name, T of, ToDoubleFunction<T> value) {
    var unused = registry.gauge(name, Tags.empty(), of, value);
  }

  /** Tells a number that only grows whenever somebody asks. */
  public <T> void counter(String name, T of, ToDoubleFunction<T> value) {
    var unused = FunctionCounter.builder(name, of, value).register(registry);
  }

  /**
   * An input was computed, in a batch that is counted with the first of its inputs.
   *
   * @param model its name; that of the base where models over one are computed together
   */
  public void computed(String model, Computation computation) {
    if (computation.place() == 0) {
      DistributionSummary.builder("graft.batch.size")
          .tag("model", model)
          .serviceLevelObjectives(BATCHES)
          .register(registry)
          .record(computation.batch());
    }
  }

  /** A call over gRPC came in. */
  void started(String method) {
    registry.counter("grpc.server.call.started", METHOD, method).increment();
  }

  /** A call over gRPC has ended; sizes are of the body. */
  void answered(Call call) {
    Tags tags = Tags.of(METHOD, call.method(), STATUS, call.status());
    registry.timer("grpc.server.call.duration", tags).record(Duration.ofNanos(call.nanos()));
    registry
        .summary("grpc.server.call.rcvd_total_compressed_message_size." + BYTES, tags)
        .record((double) call.received());
    registry
        .summary("grpc.server.call.sent_total_compressed_message_size." + BYTES, tags)
        .record((double) call.sent());
  }

  /** All of it, as text. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    registry.close();
  }

  /**
   * A call that has ended.
   *
   * @param method full name
   * @param status as gRPC names it
   * @param nanos from its arrival to its end
   * @param received bytes
   * @param sent bytes
   */
  record Call(String method, String status, long nanos, long received, long sent) {}
}
