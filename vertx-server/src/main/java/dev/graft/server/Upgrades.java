package dev.graft.server;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the request that changes its connection from HTTP/1.1 to HTTP/2 until the client speaks
 * HTTP/2. What comes right behind the change, clients have to take in with what they read HTTP/1.1
 * with: beyond some ten thousand bytes Java's and curl's lose it.
 *
 * <p>Pings what speaks HTTP/2, so that a call may take longer than a connection may be silent.
 */
final class Upgrades {

  /** Connections whose client has not said anything in HTTP/2 yet. */
  private final Map<HttpConnection, Promise<Void>> silent = new ConcurrentHashMap<>();

  private final Vertx vertx;
  private final long pings;

  /**
   * On connections that are pinged.
   *
   * @param pings milliseconds from one to the next
   */
  Upgrades(Vertx vertx, long pings) {
    this.vertx = vertx;
    this.pings = pings;
  }

  /** Listens to a new connection. */
  void watch(HttpConnection connection) {
    try {
      awaitFirst(connection);
    } catch (UnsupportedOperationException e) {
      return; // HTTP/1.1, which has no pings
    }
    long timer =
        vertx.setPeriodic(
            pings,
            id -> {
              var unused = ping(connection);
            });
    connection.closeHandler(
        closed -> {
          silent.remove(connection);
          vertx.cancelTimer(timer);
        });
  }

  /** A client answers a ping whatever came before; its settings may have come unheard. */
  private void awaitFirst(HttpConnection connection) {
    Future<Buffer> pong = ping(connection);
    // What is encrypted speaks HTTP/2 from its beginning.
    if (!connection.isSsl()) {
      Promise<Void> heard = Promise.promise();
      silent.put(connection, heard);
      pong.onSuccess(
          answered -> {
            silent.remove(connection);
            heard.tryComplete();
          });
    }
  }

  private static Future<Buffer> ping(HttpConnection connection) {
    return connection.ping(Buffer.buffer(new byte[Long.BYTES]));
  }

  /** Hands a request on as soon as its client can hear. */
  void whenHeard(HttpServerRequest request, Handler<HttpServerRequest> next) {
    Promise<Void> heard = silent.get(request.connection());
    if (heard == null) {
      next.handle(request);
      return;
    }
    request.pause();
    heard
        .future()
        .onSuccess(
            answered -> {
              next.handle(request);
              request.resume();
            });
  }
}
