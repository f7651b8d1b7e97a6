package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.graft.server.operations.Certificates;
import dev.graft.server.operations.Handshakes;
import dev.graft.server.operations.OperationOptions;
import dev.graft.server.operations.TlsFiles;
import dev.graft.server.protocol.ServerMetadataRequest;
import dev.graft.server.protocol.ServerMetadataResponse;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server over encrypted connections: who is served, who is not, and what the log says. */
@Timeout(300)
class ServerTlsTest {

  private static final ServiceMethod<ServerMetadataResponse, ServerMetadataRequest> METADATA =
      ServiceMethod.client(
          ServiceName.create(Fixture.INFERENCE),
          "ServerMetadata",
          GrpcMessageEncoder.encoder(),
          GrpcMessageDecoder.decoder(ServerMetadataResponse.getDefaultInstance()));

  @TempDir private static Path made;
  private static Certificates own;
  private static Certificates stranger;
  private static Certificates authority;

  @TempDir private Path folder;
  private Path certificate;
  private Path key;

  @BeforeAll
  static void make() throws Exception {
    own = Certificates.make(made, "server");
    authority = Certificates.authority(made, "authority");
    // Of the same name: a client shows only what the server's authority may have signed.
    stranger = Certificates.make(Files.createDirectory(made.resolve("others")), "authority");
  }

  @BeforeEach
  void files() throws Exception {
    certificate = folder.resolve("server.pem");
    key = folder.resolve("server.key");
    write(own);
  }

  private void write(Certificates certificates) throws Exception {
    certificates.writeKey(key);
    certificates.writeCertificate(certificate);
  }

  private Fixture serve(Optional<Path> clients) throws Exception {
    TlsFiles files = new TlsFiles(certificate, key, clients);
    return new Fixture(
        ServerOptions.of(folder).withOperations(OperationOptions.DEFAULTS.withTls(files)));
  }

  /** The status of a request over HTTP of who shows a certificate, or none where that is null. */
  private static int rest(Fixture fixture, Certificates server, Certificates shown)
      throws Exception {
    return HttpClient.newBuilder()
        .sslContext(server.trusting(shown))
        .build()
        .send(
            HttpRequest.newBuilder(
                    URI.create("https://127.0.0.1:%d/v2".formatted(fixture.server.port())))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  /** The same over gRPC: the name that the server gives itself. */
  private String grpc(Fixture fixture, Certificates shown) throws Exception {
    HttpClientOptions options =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setSsl(true)
            .setUseAlpn(true)
            .setTrustOptions(new PemTrustOptions().addCertPath(certificate.toString()));
    if (shown != null) {
      Path theirs = folder.resolve("shown.pem");
      Path theirKey = folder.resolve("shown.key");
      shown.writeCertificate(theirs);
      shown.writeKey(theirKey);
      options.setKeyCertOptions(
          new PemKeyCertOptions().setCertPath(theirs.toString()).setKeyPath(theirKey.toString()));
    }
    return Fixture.await(
            GrpcClient.client(fixture.vertx, options)
                .request(
                    SocketAddress.inetSocketAddress(fixture.server.port(), ServerOptions.LOOPBACK),
                    METADATA)
                .compose(call -> call.send(ServerMetadataRequest.getDefaultInstance()))
                .compose(response -> response.last()))
        .getName();
  }

  @Test
  void whoShowsTheRightCertificateIsServedOthersAreRefusedAndLogged() throws Exception {
    Path clients = folder.resolve("clients.pem");
    authority.writeCertificate(clients);
    Certificates client = own.signedBy(authority);
    Certificates expired = own.signedBy(authority, "-startdate", "-3d", "-validity", "1");
    try (Fixture fixture = serve(Optional.of(clients));
        LogLines log = new LogLines(Handshakes.class)) {
      assertEquals(200, rest(fixture, own, client));
      assertEquals("graft", grpc(fixture, client));

      assertThrows(IOException.class, () -> rest(fixture, own, null));
      log.await("WARNING a connection failed: javax.net.ssl.SSLHandshakeException: Empty");
      assertThrows(ExecutionException.class, () -> grpc(fixture, null));
      log.await("WARNING a connection failed: javax.net.ssl.SSLHandshakeException: Empty");
      assertThrows(IOException.class, () -> rest(fixture, own, expired));
      log.await("NotAfter");
      assertThrows(ExecutionException.class, () -> grpc(fixture, expired));
      log.await("NotAfter");
      assertThrows(IOException.class, () -> rest(fixture, own, stranger));
      log.await("Signature does not match");
      assertThrows(ExecutionException.class, () -> grpc(fixture, stranger));
      log.await("Signature does not match");

      assertEquals(200, rest(fixture, own, client), "it serves on");
    }
  }

  @Test
  void theCertificateIsReplacedWhileTheServerRuns() throws Exception {
    try (Fixture fixture = serve(Optional.empty())) {
      assertEquals(200, rest(fixture, own, null));
      assertEquals("graft", grpc(fixture, null));
      assertThrows(IOException.class, () -> rest(fixture, stranger, null));

      write(stranger);
      while (!trusts(fixture, stranger)) {
        Thread.onSpinWait();
      }
      assertEquals("graft", grpc(fixture, null));
      assertThrows(IOException.class, () -> rest(fixture, own, null));
    }
  }

  private static boolean trusts(Fixture fixture, Certificates server) throws Exception {
    try {
      return rest(fixture, server, null) == 200;
    } catch (IOException notYet) {
      return false;
    }
  }
}
