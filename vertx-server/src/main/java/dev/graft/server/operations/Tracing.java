package dev.graft.server.operations;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;
import io.vertx.tracing.opentelemetry.OpenTelemetryTracingFactory;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/**
 * Tells a collector of every call, as a part of the trace that its client names in {@code
 * traceparent} (W3C Trace Context). Spans leave over OTLP in HTTP, in the background; where nobody
 * takes them they are dropped. The span of a call has those of its {@linkplain #part parts} below
 * it.
 */
public final class Tracing implements AutoCloseable, Shareable {

  private static final String NAME = "graft";

  /** Under which a Vert.x knows what traces it. */
  private static final String SHARED = "dev.graft.tracing";

  private final OpenTelemetrySdk telemetry;

  private Tracing(OpenTelemetrySdk telemetry) {
    this.telemetry = telemetry;
  }

  /**
   * To a collector.
   *
   * @param collector where it takes spans, for example {@code http://localhost:4318/v1/traces}
   * @throws IllegalArgumentException if that is no address of HTTP
   */
  public static Tracing to(URI collector) {
    String scheme = collector.getScheme();
    if (collector.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new IllegalArgumentException(
          "spans cannot go to '%s'; give an address such as http://localhost:4318/v1/traces"
              .formatted(collector));
    }
    OtlpHttpSpanExporter exporter =
        OtlpHttpSpanExporter.builder().setEndpoint(collector.toString()).build();
    SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setResource(
                Resource.getDefault()
                    .merge(
                        Resource.create(
                            Attributes.of(AttributeKey.stringKey("service.name"), NAME))))
            .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
            .build();
    return new Tracing(
        OpenTelemetrySdk.builder()
            .setTracerProvider(provider)
            .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
            .build());
  }

  /** A Vert.x whose servers are traced. */
  public Vertx vertx() {
    Vertx vertx = Vertx.builder().withTracer(new OpenTelemetryTracingFactory(telemetry)).build();
    var unused = vertx.sharedData().<String, Tracing>getLocalMap(SHARED).put(SHARED, this);
    return vertx;
  }

  /** What traces a Vert.x; empty where nothing does. */
  public static Optional<Tracing> of(Vertx vertx) {
    return Optional.ofNullable(vertx.sharedData().<String, Tracing>getLocalMap(SHARED).get(SHARED));
  }

  /**
   * A part of a call that is over.
   *
   * @param call as {@link Context#current()} had it when the call was taken; without a span in it
   *     nobody is told
   * @param begin as {@link System#nanoTime()} counts
   * @param nanos how long it took
   */
  public void part(Context call, String name, long begin, long nanos, Attributes attributes) {
    if (!Span.fromContext(call).getSpanContext().isValid()) {
      return;
    }
    Instant start = Instant.now().minusNanos(System.nanoTime() - begin);
    telemetry
        .getTracer(NAME)
        .spanBuilder(name)
        .setParent(call)
        .setAllAttributes(attributes)
        .setStartTimestamp(start)
        .startSpan()
        .end(start.plusNanos(nanos));
  }

  /** Sends what has not been sent, for ten seconds at most. */
  @Override
  public void close() {
    telemetry.close();
  }
}
