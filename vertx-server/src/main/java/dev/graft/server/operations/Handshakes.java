package dev.graft.server.operations;

import java.lang.System.Logger.Level;
import javax.net.ssl.SSLException;

/**
 * Tells of clients that are refused before they ask anything, for want of a certificate above all:
 * they see nothing but a closed connection, so that only the log can say why.
 */
public final class Handshakes {

  private static final System.Logger LOG = System.getLogger(Handshakes.class.getName());

  private Handshakes() {}

  /** Logs a failure of a connection, in one line: clients may try often, and may just hang up. */
  public static void failed(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    Level level = failure instanceof SSLException ? Level.WARNING : Level.DEBUG;
    LOG.log(level, "a connection failed: {0}", cause.toString());
  }
}
