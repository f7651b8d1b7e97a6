package dev.graft.server.operations;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a server is run.
 *
 * @param accessLog file to which a line per call is added; without one nothing is written
 * @param tls files for encrypted connections; without them connections are not encrypted
 * @param reflection whether clients may ask which calls there are and how their messages look
 * @param drainSeconds time that calls have to end once the server is about to end
 */
public record OperationOptions(
    Optional<Path> accessLog, Optional<TlsFiles> tls, boolean reflection, int drainSeconds) {

  /** Seconds that calls have to end. */
  public static final int DRAIN_SECONDS = 30;

  /** No log, no encryption, no reflection. */
  public static final OperationOptions DEFAULTS =
      new OperationOptions(Optional.empty(), Optional.empty(), false, DRAIN_SECONDS);

  public OperationOptions {
    if (drainSeconds < 0) {
      throw new IllegalArgumentException(
          "%d seconds to end calls; give 0 or more".formatted(drainSeconds));
    }
  }

  /** With a log of calls. */
  public OperationOptions withAccessLog(Path file) {
    return new OperationOptions(Optional.of(file), tls, reflection, drainSeconds);
  }

  /** With encrypted connections. */
  public OperationOptions withTls(TlsFiles files) {
    return new OperationOptions(accessLog, Optional.of(files), reflection, drainSeconds);
  }

  /** With an answer to clients that ask what there is. */
  public OperationOptions withReflection() {
    return new OperationOptions(accessLog, tls, true, drainSeconds);
  }
}
