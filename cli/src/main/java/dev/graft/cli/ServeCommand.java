package dev.graft.cli;

import dev.graft.Graft;
import dev.graft.server.GraftServer;
import dev.graft.server.ServerOptions;
import dev.graft.server.operations.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves bundles until the process is ended. */
@Command(
    name = "serve",
    description = "Serve the bundles of a folder over gRPC and HTTP (Open Inference Protocol v2).",
    footer = {
      "",
      "A folder DIR/NAME is a bundle, or holds its versions: DIR/NAME/1, DIR/NAME/2. Bundles"
          + " without their",
      "base (fit --changes) need it by --shared-base; it is in memory once for all of them.",
      "",
      "With --bases, --data and --jobs it trains on request too, each job in a process of its own"
          + " that",
      "outlives the server.",
      "",
      "Options may stand in a file, as lines 'port = 8001', and in variables, as GRAFT_SERVE_PORT;"
          + " the command",
      "line comes before a variable, a variable before the file.",
      "",
      "Example: graft serve --models models --port 8001"
    },
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

  private final Map<String, String> environment;

  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "File of options; read before this command is parsed.")
  @SuppressWarnings("unused")
  private Path config;

  @Option(names = "--models", required = true, paramLabel = "DIR", description = "The bundles.")
  private Path models;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = ServerOptions.LOOPBACK,
      description = "Address to listen on. Default: ${DEFAULT-VALUE}, for this machine alone.")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "" + ServerOptions.PORT,
      description = "Port of both protocols; 0 takes a free one. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--tokens",
      paramLabel = "FILE",
      description =
          "Tokens that are served, one per line: a role (infer, train or manage) and the token's"
              + " SHA-256 in hexadecimal.")
  private Path tokens;

  @Option(
      names = "--unprotected",
      description = "Serve other machines although there are no tokens.")
  private boolean unprotected;

  @Mixin private RunOptions operations;

  @Mixin private BatchOptions batches;

  @Mixin private LoadingOptions loading;

  @ArgGroup(exclusive = false, heading = "%nTraining on request (graft.v1.TransferService):%n")
  private JobOptions training;

  /** With the environment that holds the name and the password of a database. */
  ServeCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    ServerOptions options =
        new ServerOptions(
            loading.options(models).withPredicting(batches.options()),
            host,
            port,
            Optional.ofNullable(tokens),
            unprotected,
            ServerOptions.MAX_MESSAGE,
            operations.maxHeld(),
            Optional.empty(),
            Optional.empty(),
            operations.options());
    options = training == null ? options : training.on(options, environment);
    batches.takeThreads();
    Optional<Tracing> tracing = operations.tracing();
    Vertx vertx = tracing.map(Tracing::vertx).orElseGet(Vertx::vertx);
    GraftServer server = new GraftServer(options, Graft.create().registry());
    try {
      await(vertx.deployVerticle(server));
    } catch (CompletionException e) {
      await(vertx.close());
      tracing.ifPresent(Tracing::close);
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
    System.err.println(configuration());
    System.err.printf(
        "serving %s on %s:%d, gRPC and HTTP; %s%n", models, host, server.port(), batches.text());
    java.lang.Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  await(vertx.close());
                  tracing.ifPresent(Tracing::close);
                },
                "graft-serve-end"));
    new CountDownLatch(1).await(); // a signal ends the process
    return 0;
  }

  /** What holds, secrets hidden, in one line. */
  private String configuration() {
    return "configuration: "
        + spec.options().stream()
            .filter(option -> !option.usageHelp() && !option.versionHelp())
            .filter(option -> option.getValue() != null && !option.getValue().equals(false))
            .map(option -> option.longestName().substring(2) + "=" + option.getValue())
            .sorted()
            .collect(Collectors.joining(" "))
            .replaceAll("(?i)(password=)[^&\\s]*", "$1***");
  }

  private static void await(Future<?> future) {
    var unused = future.toCompletionStage().toCompletableFuture().join();
  }
}
