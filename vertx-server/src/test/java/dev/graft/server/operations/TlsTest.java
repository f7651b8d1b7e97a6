package dev.graft.server.operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TlsTest {

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private Certificates first;
  private Path certificate;
  private Path key;

  @BeforeEach
  void files() throws Exception {
    certificate = folder.resolve("server.crt");
    key = folder.resolve("server.key");
    first = Certificates.make(folder, "first");
    write(first);
  }

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
  }

  private void write(Certificates certificates) throws Exception {
    certificates.writeKey(key);
    certificates.writeCertificate(certificate);
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get();
  }

  private HttpServer serve(TlsFiles files) throws Exception {
    HttpServerOptions options = files.on(new HttpServerOptions().setHost("127.0.0.1").setPort(0));
    HttpServer server =
        await(
            vertx
                .createHttpServer(options)
                .requestHandler(request -> request.response().end(request.version().name()))
                .listen());
    files.watch(vertx, server);
    return server;
  }

  private static String get(HttpServer server, SSLContext context) throws Exception {
    return HttpClient.newBuilder()
        .sslContext(context)
        .build()
        .send(
            HttpRequest.newBuilder(
                    URI.create("https://127.0.0.1:%d/".formatted(server.actualPort())))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Test
  void certificatesAreTakenWhenTheirFilesAreReplaced() throws Exception {
    HttpServer server = serve(new TlsFiles(certificate, key, Optional.empty()));
    assertEquals("HTTP_2", get(server, first.trusting(null)));
    Certificates second = Certificates.make(folder, "second-and-longer");
    SSLContext later = second.trusting(null);
    assertThrows(IOException.class, () -> get(server, later));

    Files.writeString(certificate, "not a certificate");
    assertEquals("HTTP_2", get(server, first.trusting(null)), "what is there goes on");

    write(second);
    String answer = null;
    while (answer == null) {
      try {
        answer = get(server, later);
      } catch (IOException notYet) {
        LockSupport.parkNanos(50_000_000);
      }
    }
    assertEquals("HTTP_2", answer);
    SSLContext before = first.trusting(null);
    assertThrows(IOException.class, () -> get(server, before));
  }

  @Test
  void aClientThatMustShowACertificateIsRefusedWithoutOne() throws Exception {
    Certificates client = Certificates.make(folder, "client");
    Path clients = folder.resolve("clients.crt");
    client.writeCertificate(clients);
    HttpServer server = serve(new TlsFiles(certificate, key, Optional.of(clients)));
    assertEquals("HTTP_2", get(server, first.trusting(client)));
    SSLContext nothing = first.trusting(null);
    assertThrows(IOException.class, () -> get(server, nothing));
    SSLContext stranger = first.trusting(Certificates.make(folder, "stranger"));
    assertThrows(IOException.class, () -> get(server, stranger));
  }
}
