package dev.graft.server.operations;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.common.GrpcStatus;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Everything that comes in and goes out: counts it, logs it, and gives it a number, which is the
 * header {@value #REQUEST_ID} of a request where that is well formed, and that of the response.
 */
public final class Traffic {

  /** Header with the number of a request. */
  public static final String REQUEST_ID = "x-request-id";

  private static final String GRPC = "application/grpc";
  private static final String GRPC_STATUS = "grpc-status";
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** W3C Trace Context: version, trace, parent and flags. */
  private static final Pattern TRACE =
      Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.{0,200}");

  private static final String HEALTH_WATCH = "/grpc.health.v1.Health/Watch";

  /** Methods that nobody has told of share a name, so that clients cannot make up metrics. */
  private static final String UNKNOWN = "other";

  private final ServerMetrics metrics;
  private final AccessLog log;
  private final Clock clock;
  private final Set<String> methods;
  private final AtomicInteger open = new AtomicInteger();

  /**
   * Of a server.
   *
   * @param methods full names of the calls over gRPC that there are: {@code package.Service/Call}
   */
  public Traffic(ServerMetrics metrics, AccessLog log, Clock clock, Set<String> methods) {
    this.metrics = metrics;
    this.log = log;
    this.clock = clock;
    this.methods = Set.copyOf(methods);
  }

  /** True if a request is a call over gRPC. */
  public static boolean isGrpc(HttpServerRequest request) {
    String type = request.getHeader("content-type");
    return type != null && type.startsWith(GRPC);
  }

  /**
   * Number of calls that have begun and not ended, without those that watch whether the server is
   * healthy: they have no end of their own, and nothing is lost with them.
   */
  public int open() {
    return open.get();
  }

  /** The handler with what is counted and logged around it. */
  public Handler<HttpServerRequest> around(Handler<HttpServerRequest> handler) {
    return request -> {
      begin(request);
      handler.handle(request);
    };
  }

  private void begin(HttpServerRequest request) {
    String given = request.getHeader(REQUEST_ID);
    String id = given != null && ID.matcher(given).matches() ? given : UUID.randomUUID().toString();
    request.headers().set(REQUEST_ID, id);
    request.response().putHeader(REQUEST_ID, id);
    boolean grpc = isGrpc(request);
    String path = request.path() == null ? "" : request.path();
    String method = grpc ? known(path) : request.method().name();
    long began = System.nanoTime();
    int counted = path.equals(HEALTH_WATCH) ? 0 : 1;
    open.addAndGet(counted);
    if (grpc) {
      metrics.started(method);
    }
    AtomicBoolean ended = new AtomicBoolean();
    Handler<Void> end =
        nothing -> {
          if (!ended.getAndSet(true)) {
            open.addAndGet(-counted);
            end(request, id, method, System.nanoTime() - began);
          }
        };
    request.response().endHandler(end).closeHandler(end);
  }

  private String known(String path) {
    String name = path.startsWith("/") ? path.substring(1) : path;
    return methods.contains(name) ? name : UNKNOWN;
  }

  private void end(HttpServerRequest request, String id, String method, long nanos) {
    HttpServerResponse response = request.response();
    boolean grpc = isGrpc(request);
    String status = grpc ? grpcStatus(response) : Integer.toString(response.getStatusCode());
    if (grpc) {
      metrics.answered(
          new ServerMetrics.Call(
              method, status, nanos, request.bytesRead(), response.bytesWritten()));
    }
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("time", clock.instant().toString());
    line.put("id", id);
    trace(request).ifPresent(trace -> line.put("trace", trace));
    line.put("peer", peer(request));
    line.put("protocol", grpc ? "grpc" : "http");
    line.put("method", method);
    if (!grpc) {
      line.put("path", request.path());
    }
    line.put("status", status);
    line.put("ms", nanos / 1e6);
    line.put("received", request.bytesRead());
    line.put("sent", response.bytesWritten());
    log.add(line);
  }

  /** The trace that the client says the call is part of. */
  private static Optional<String> trace(HttpServerRequest request) {
    String parent = request.getHeader("traceparent");
    Matcher matcher = TRACE.matcher(parent == null ? "" : parent);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static String peer(HttpServerRequest request) {
    SocketAddress peer = request.remoteAddress();
    return peer == null ? "" : peer.toString();
  }

  /** A call that ended without a status was cancelled. */
  private static String grpcStatus(HttpServerResponse response) {
    String status = response.trailers().get(GRPC_STATUS);
    if (status == null) {
      status = response.headers().get(GRPC_STATUS);
    }
    GrpcStatus known = status == null ? null : GrpcStatus.valueOf(Integer.parseInt(status));
    return known == null ? GrpcStatus.CANCELLED.name() : known.name();
  }
}
