package dev.graft.server.operations;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.lang.System.Logger.Level;
import java.util.List;

/**
 * Takes new certificates when their files are replaced, for the connections from then on. Files
 * that cannot be read change nothing, and are looked at again when they change.
 */
public final class TlsReload {

  private static final System.Logger LOG = System.getLogger(TlsReload.class.getName());

  /** Milliseconds between looks. */
  private static final int LOOK = 1_000;

  private final Vertx vertx;
  private final HttpServer server;
  private final TlsFiles files;
  private List<Object> seen = List.of();

  private TlsReload(Vertx vertx, HttpServer server, TlsFiles files) {
    this.vertx = vertx;
    this.server = server;
    this.files = files;
  }

  /** Looks until the context that calls this ends. */
  public static void watch(Vertx vertx, HttpServer server, TlsFiles files) {
    TlsReload reload = new TlsReload(vertx, server, files);
    var unused = vertx.setPeriodic(0, LOOK, id -> reload.look());
  }

  private void look() {
    Future<List<Object>> stamps = vertx.executeBlocking(files::stamps);
    stamps
        .compose(this::take)
        .onFailure(failure -> LOG.log(Level.WARNING, "certificates stay as they were", failure));
  }

  private Future<Boolean> take(List<Object> stamps) {
    if (stamps.equals(seen)) {
      return Future.succeededFuture(false);
    }
    boolean first = seen.isEmpty();
    seen = stamps;
    if (first) {
      return Future.succeededFuture(false);
    }
    return server
        .updateSSLOptions(files.options(), /* force= */ true)
        .onSuccess(taken -> LOG.log(Level.INFO, "new certificates: {0}", taken));
  }
}
