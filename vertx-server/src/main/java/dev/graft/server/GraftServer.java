package dev.graft.server;

import dev.graft.registry.Registry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.grpc.health.HealthService;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import java.time.Clock;

/**
 * Serves the bundles of a folder by the Open Inference Protocol, over gRPC and over HTTP with JSON,
 * on one port. Deploy it as any verticle; it is ready when its deployment is.
 */
public final class GraftServer extends VerticleBase {

  private static final String GRPC = "application/grpc";

  private final ServerOptions options;
  private final Registry registry;
  private final Clock clock;
  private ModelRepository models;
  private HttpServer server;

  /** A server with the plugins of a registry. */
  public GraftServer(ServerOptions options, Registry registry) {
    this(options, registry, Clock.systemUTC());
  }

  GraftServer(ServerOptions options, Registry registry, Clock clock) {
    this.options = options;
    this.registry = registry;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    return vertx.executeBlocking(this::open).compose(this::listen);
  }

  /** The port it listens on. */
  public int port() {
    return server.actualPort();
  }

  private Access open() throws java.io.IOException {
    models = new ModelRepository(options.models(), registry);
    models.loadAll();
    return options.tokens().isPresent() ? Access.read(options.tokens().get()) : Access.open();
  }

  private Future<HttpServer> listen(Access access) {
    Api api = new Api(vertx, models, new Inference(vertx, models, clock));
    Failures failures = new Failures();
    GrpcApi grpcApi = new GrpcApi(api, access, failures);
    GrpcServer grpc =
        GrpcServer.server(
            vertx,
            new GrpcServerOptions()
                .setMaxMessageSize(options.maxMessage())
                .setScheduleDeadlineAutomatically(true)
                .setDeadlinePropagation(true));
    HealthService health = HealthService.create(vertx);
    health.register(grpcApi.name(), () -> Future.succeededFuture(models.isReady()));
    health.register("", () -> Future.succeededFuture(models.isReady()));
    grpc.addService(grpcApi).addService(health);
    Router rest = new RestApi(api, access, failures, options.maxMessage()).router(vertx);
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions().setHost(options.host()).setPort(options.port()))
            .requestHandler(request -> handler(request, grpc, rest));
    return server.listen();
  }

  private static void handler(HttpServerRequest request, GrpcServer grpc, Router rest) {
    String type = request.getHeader("content-type");
    if (type != null && type.startsWith(GRPC)) {
      grpc.handle(request);
    } else {
      rest.handle(request);
    }
  }

  /** Ends the connections, then frees the models. */
  @Override
  public Future<?> stop() {
    Future<?> closed = server == null ? Future.succeededFuture() : server.close();
    return closed.eventually(
        () ->
            vertx.executeBlocking(
                () -> {
                  if (models != null) {
                    models.close();
                  }
                  return null;
                }));
  }
}
