package dev.graft.server;

import static java.util.concurrent.TimeUnit.HOURS;

import dev.graft.registry.Registry;
import dev.graft.server.access.Access;
import dev.graft.server.access.Failures;
import dev.graft.server.jobs.Training;
import dev.graft.server.registry.Versions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.grpc.health.HealthService;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import io.vertx.grpc.server.Service;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Serves the bundles of a folder by the Open Inference Protocol, over gRPC and over HTTP with JSON,
 * on one port. Deploy it as any verticle; it is ready when its deployment is.
 */
public final class GraftServer extends VerticleBase {

  private static final String GRPC = "application/grpc";

  /** Threads that wait for plans, rankings and files of jobs. */
  private static final int WORKERS = 8;

  /** A ranking may take as many hours. */
  private static final int LONGEST = 24;

  private final ServerOptions options;
  private final Registry registry;
  private final Clock clock;
  private ModelRepository models;
  private Optional<Versions> versions = Optional.empty();
  private Training training;
  private WorkerExecutor workers;
  private volatile boolean closing;
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

  private Access open() throws IOException {
    if (options.database().isPresent()) {
      versions = Optional.of(Versions.open(options.database().get(), clock));
    }
    models = new ModelRepository(options.models(), registry, versions);
    models.loadAll();
    if (options.training().isPresent()) {
      training = Training.open(options.training().get(), clock);
    }
    return options.tokens().isPresent() ? Access.read(options.tokens().get()) : Access.open();
  }

  private Future<HttpServer> listen(Access access) {
    Failures failures = new Failures();
    Api api = new Api(vertx, models, new Inference(vertx, models, clock));
    Router rest = new RestApi(api, access, failures, options.maxMessage()).router(vertx);
    GrpcServer grpc = grpc(api, new GrpcCalls(access, failures));
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions().setHost(options.host()).setPort(options.port()))
            .requestHandler(request -> handler(request, grpc, rest));
    return server.listen();
  }

  private GrpcServer grpc(Api api, GrpcCalls calls) {
    GrpcServer grpc =
        GrpcServer.server(
            vertx,
            new GrpcServerOptions()
                .setMaxMessageSize(options.maxMessage())
                .setScheduleDeadlineAutomatically(true)
                .setDeadlinePropagation(true));
    HealthService health = HealthService.create(vertx);
    List<Service> services = new ArrayList<>(List.of(new GrpcApi(api, calls)));
    if (training != null) {
      workers = vertx.createSharedWorkerExecutor("graft-training", WORKERS, LONGEST, HOURS);
      Promotions promotions = new Promotions(models, versions.orElseThrow(), training);
      TransferApi transfer = new TransferApi(workers, training, promotions);
      services.add(new GrpcTransfer(vertx, transfer, calls, () -> closing));
    }
    for (Service service : services) {
      var unused = grpc.addService(service);
      health.register(service.name(), () -> Future.succeededFuture(models.isReady()));
    }
    health.register("", () -> Future.succeededFuture(models.isReady()));
    return grpc.addService(health);
  }

  private static void handler(HttpServerRequest request, GrpcServer grpc, Router rest) {
    String type = request.getHeader("content-type");
    if (type != null && type.startsWith(GRPC)) {
      grpc.handle(request);
    } else {
      rest.handle(request);
    }
  }

  /** Ends the connections, then frees the models. Processes of jobs go on. */
  @Override
  public Future<?> stop() {
    closing = true;
    Future<?> closed = server == null ? Future.succeededFuture() : server.close();
    return closed.eventually(() -> vertx.executeBlocking(this::free));
  }

  private Void free() throws IOException {
    try (Training ended = training;
        ModelRepository freed = models) {
      if (workers != null) {
        var unused = workers.close();
      }
    }
    return null;
  }
}
