package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class IdleConnectionsTest {

  @Test
  void connectionsWithoutTrafficAreClosed() {
    HttpServerOptions options = GraftServer.httpOptions(ServerOptions.of(Path.of("models")));
    assertEquals(600, options.getIdleTimeout());
    assertEquals(TimeUnit.SECONDS, options.getIdleTimeoutUnit());
  }

  /** The request is not answered before the client is pinged. */
  @Test
  void clientsAreAskedWhetherTheyAreThereWhileACallTakesLong() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      Upgrades upgrades = new Upgrades(vertx, 50);
      Promise<Void> pinged = Promise.promise();
      HttpServer server =
          Fixture.await(
              vertx
                  .createHttpServer(new HttpServerOptions().setHost(ServerOptions.LOOPBACK))
                  .connectionHandler(upgrades::watch)
                  .requestHandler(
                      request -> pinged.future().onSuccess(done -> request.response().end()))
                  .listen(0));
      HttpClientOptions http2 =
          new HttpClientOptions()
              .setProtocolVersion(HttpVersion.HTTP_2)
              .setHttp2ClearTextUpgrade(false);
      int status =
          Fixture.await(
              vertx
                  .httpClientBuilder()
                  .with(http2)
                  .withConnectHandler(
                      connection -> connection.pingHandler(data -> pinged.tryComplete()))
                  .build()
                  .request(HttpMethod.GET, server.actualPort(), ServerOptions.LOOPBACK, "/")
                  .compose(request -> request.send())
                  .map(response -> response.statusCode()));
      assertEquals(200, status);
    } finally {
      Fixture.await(vertx.close());
    }
  }
}
