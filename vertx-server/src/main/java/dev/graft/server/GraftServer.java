package dev.graft.server;

import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.graft.registry.Registry;
import dev.graft.server.access.Access;
import dev.graft.server.access.Failures;
import dev.graft.server.access.SameOrigin;
import dev.graft.server.jobs.Training;
import dev.graft.server.operations.AccessLog;
import dev.graft.server.operations.FileWatch;
import dev.graft.server.operations.Handshakes;
import dev.graft.server.operations.ServerMetrics;
import dev.graft.server.operations.Traffic;
import dev.graft.server.registry.Versions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.grpc.health.HealthService;
import io.vertx.grpc.reflection.ReflectionService;
import io.vertx.grpc.server.GrpcProtocol;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import io.vertx.grpc.server.Service;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Serves the bundles of a folder by the Open Inference Protocol, over gRPC and over HTTP with JSON,
 * on one port. Deploy it as any verticle; it is ready when its deployment is.
 */
public final class GraftServer extends VerticleBase {

  /** Threads that wait for plans, rankings and files of jobs. */
  private static final int WORKERS = 8;

  /** A ranking may take as many hours. */
  private static final int LONGEST = 24;

  /** Milliseconds between looks whether calls have ended. */
  private static final int LOOK = 20;

  /**
   * Seconds without a byte after which a connection is closed: a client that is gone does not say
   * so. Over HTTP/2 clients are pinged twice in that time, so that calls may take longer.
   */
  static final int IDLE = 600;

  private final ServerOptions options;
  private final Registry registry;
  private final Clock clock;
  private final ServerMetrics metrics = new ServerMetrics();
  private ModelRepository models;
  private Optional<Promotions> promotions = Optional.empty();
  private Replicas replicas;
  private Training training;
  private WorkerExecutor workers;
  private AccessLog log = AccessLog.none();
  private volatile boolean closing;
  private HttpServer server;
  private Traffic traffic;

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

  /** What looks for promotions on other servers; null where there is no registry. */
  Replicas replicas() {
    return replicas;
  }

  /** The port it listens on. */
  public int port() {
    return server.actualPort();
  }

  private Access open() throws IOException {
    Optional<Versions> versions = Optional.empty();
    if (options.database().isPresent()) {
      versions = Optional.of(Versions.open(options.database().get(), clock));
    }
    if (options.operations().accessLog().isPresent()) {
      log = AccessLog.to(options.operations().accessLog().get());
    }
    models = new ModelRepository(options.models(), registry, versions);
    models.loadAll();
    promotions = versions.map(registered -> new Promotions(models, registered));
    if (options.training().isPresent()) {
      training = Training.open(options.training().get(), clock);
    }
    Access access =
        options.tokens().isPresent() ? Access.read(options.tokens().get()) : Access.open();
    return access.until(() -> closing);
  }

  private Future<HttpServer> listen(Access access) {
    Failures failures = new Failures();
    Inference inference = new Inference(vertx, models, metrics, clock);
    Api api = new Api(vertx, models, inference, this::isReady);
    HeldBytes held = new HeldBytes(options.maxHeld());
    metrics.gauge("graft.requests.bytes", held, HeldBytes::taken);
    GrpcMessages messages = new GrpcMessages(options.maxMessage(), held);
    GrpcCalls grpcCalls = new GrpcCalls(access, failures, messages);
    RestCalls restCalls = new RestCalls(access, failures, options.maxMessage(), held);
    Router rest = new RestApi(api, restCalls, this::metrics).router(vertx);
    SameOrigin pages =
        options.isOpenLocally() ? SameOrigin.thisMachine(options.host()) : SameOrigin.anyHost();
    restCalls.guard(rest, pages);
    Page.on(rest);
    List<Service> services = new ArrayList<>(List.of(new GrpcApi(api, grpcCalls)));
    if (training != null) {
      TransferApi transfer = transferApi();
      JobWatch jobs = new JobWatch(vertx, transfer, () -> closing);
      services.add(new GrpcTransfer(transfer, jobs, grpcCalls));
      new RestTransfer(transfer, jobs, restCalls).on(rest);
    }
    GrpcServer grpc = grpc(services);
    Set<String> ours = methods(services);
    traffic = new Traffic(metrics, log, clock, ours);
    ModelMetrics.tell(metrics, models);
    metrics.gauge("graft.calls.open", traffic, Traffic::open);
    promotions.ifPresent(
        followed -> {
          replicas = new Replicas(vertx, followed, () -> closing);
          replicas.watch(options.database().orElseThrow());
        });
    Upgrades upgrades = new Upgrades(vertx, SECONDS.toMillis(IDLE / 2));
    server =
        vertx
            .createHttpServer(httpOptions(options))
            .connectionHandler(upgrades::watch)
            .exceptionHandler(Handshakes::failed)
            .requestHandler(
                traffic.around(
                    request -> {
                      if (!Traffic.isGrpc(request)) {
                        upgrades.whenHeard(request, rest);
                      } else if (GuardedCall.isOfOurOrigin(request, pages)
                          && GrpcMessages.isBounded(request, ours)) {
                        grpc.handle(new GuardedCall(request));
                      }
                    }));
    return server.listen().onSuccess(listening -> watchFiles(access, listening));
  }

  private void watchFiles(Access access, HttpServer listening) {
    options.operations().tls().ifPresent(files -> files.watch(vertx, listening));
    options
        .tokens()
        .ifPresent(
            file ->
                FileWatch.on(
                    vertx,
                    "tokens",
                    List.of(file),
                    () -> vertx.executeBlocking(() -> access.reload(file))));
  }

  /** How connections are taken. */
  static HttpServerOptions httpOptions(ServerOptions options) {
    HttpServerOptions http =
        new HttpServerOptions()
            .setHost(options.host())
            .setPort(options.port())
            .setIdleTimeout(IDLE)
            .setIdleTimeoutUnit(SECONDS);
    return options.operations().tls().map(files -> files.on(http)).orElse(http);
  }

  private TransferApi transferApi() {
    workers = vertx.createSharedWorkerExecutor("graft-training", WORKERS, LONGEST, HOURS);
    return new TransferApi(workers, training, promotions.orElseThrow());
  }

  /** How calls over gRPC are read. */
  static GrpcServerOptions grpcOptions(ServerOptions options) {
    return new GrpcServerOptions()
        // HTTP with JSON is a path of its own, see RestApi.
        .removeEnabledProtocol(GrpcProtocol.TRANSCODING)
        .setMaxMessageSize(options.maxMessage())
        .setScheduleDeadlineAutomatically(true)
        .setDeadlinePropagation(true);
  }

  private GrpcServer grpc(List<Service> services) {
    GrpcServer grpc = GrpcServer.server(vertx, grpcOptions(options));
    HealthService health = HealthService.create(vertx);
    health.register("", () -> Future.succeededFuture(isReady()));
    for (Service service : services) {
      var unused = grpc.addService(service);
      health.register(service.name(), () -> Future.succeededFuture(isReady()));
    }
    if (options.operations().reflection()) {
      var unused = grpc.addService(ReflectionService.v1());
    }
    return grpc.addService(health);
  }

  private static Set<String> methods(List<Service> services) {
    Set<String> methods = new HashSet<>();
    for (Service service : services) {
      String name = service.name().fullyQualifiedName();
      service.descriptor().getMethods().forEach(call -> methods.add(name + "/" + call.getName()));
    }
    return methods;
  }

  private boolean isReady() {
    return !closing && models.isReady();
  }

  private String metrics() {
    return metrics.scrape() + ModelMetrics.text(models.loaded());
  }

  /**
   * Takes no more calls, gives those that are under way some time to end, then frees the models.
   * Processes of jobs go on.
   */
  @Override
  public Future<?> stop() {
    closing = true;
    return drained()
        .eventually(() -> server == null ? Future.succeededFuture() : server.close())
        .eventually(() -> vertx.executeBlocking(this::free));
  }

  /** Waits until no call is open, or the time is over. */
  private Future<Void> drained() {
    Promise<Void> drained = Promise.promise();
    long end = System.nanoTime() + SECONDS.toNanos(options.operations().drainSeconds());
    long timer =
        vertx.setPeriodic(
            LOOK,
            id -> {
              if (traffic == null || traffic.open() == 0 || System.nanoTime() > end) {
                drained.tryComplete();
              }
            });
    return drained.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  private Void free() throws IOException {
    try (AccessLog written = log;
        ServerMetrics counted = metrics;
        Training ended = training;
        ModelRepository freed = models) {
      if (workers != null) {
        var unused = workers.close();
      }
    }
    return null;
  }
}
