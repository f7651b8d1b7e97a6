package dev.graft.cli;

import dev.graft.server.ServerOptions;
import dev.graft.server.operations.OperationOptions;
import dev.graft.server.operations.TlsFiles;
import dev.graft.server.operations.Tracing;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How a server is run: encryption, what it writes down, how it ends. */
final class RunOptions {

  @ArgGroup(exclusive = false)
  private Tls tls;

  @Option(
      names = "--access-log",
      paramLabel = "FILE",
      description = "File to which a line of JSON per call is added.")
  private Path accessLog;

  @Option(
      names = "--traces",
      paramLabel = "URL",
      description =
          "Collector that is told of every call over OTLP, as part of the trace that its client"
              + " names (W3C Trace Context), for example http://localhost:4318/v1/traces.")
  private URI traces;

  @Option(
      names = "--reflection",
      description = "Tell clients which calls there are over gRPC and how their messages look.")
  private boolean reflection;

  @Option(
      names = "--drain",
      paramLabel = "SECONDS",
      defaultValue = "" + OperationOptions.DRAIN_SECONDS,
      description = "Time that calls have to end with the server. Default: ${DEFAULT-VALUE}.")
  private int drain;

  @Option(
      names = "--max-held",
      paramLabel = "MIB",
      description =
          "Mebibytes of requests that may be unanswered at a time; more are refused at once."
              + " Default: a quarter of the heap.")
  private Integer held;

  private static final class Tls {

    @Option(
        names = "--tls-certificate",
        required = true,
        paramLabel = "FILE",
        description =
            "Certificates of the server in PEM, its own first. Files of TLS may be replaced while"
                + " it runs.")
    private Path certificate;

    @Option(
        names = "--tls-key",
        required = true,
        paramLabel = "FILE",
        description = "Private key of the server in PEM.")
    private Path key;

    @Option(
        names = "--tls-clients",
        paramLabel = "FILE",
        description = "Certificates in PEM of who signs for clients; each must then show one.")
    private Path clients;
  }

  /** Most bytes of requests that are not answered yet. */
  long maxHeld() {
    return held == null ? ServerOptions.MAX_HELD : (long) held << 20;
  }

  /** Where calls are told of, if somewhere. */
  Optional<Tracing> tracing() {
    return Optional.ofNullable(traces).map(Tracing::to);
  }

  OperationOptions options() {
    Optional<TlsFiles> files =
        Optional.ofNullable(tls)
            .map(t -> new TlsFiles(t.certificate, t.key, Optional.ofNullable(t.clients)));
    return new OperationOptions(Optional.ofNullable(accessLog), files, reflection, drain);
  }
}
