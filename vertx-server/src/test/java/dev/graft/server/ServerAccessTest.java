package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.server.access.Tokens;
import dev.graft.server.operations.FileWatch;
import dev.graft.server.operations.OperationOptions;
import dev.graft.server.protocol.RepositoryModelUnloadRequest;
import dev.graft.server.protocol.RepositoryModelUnloadResponse;
import dev.graft.server.protocol.ServerLiveRequest;
import dev.graft.server.protocol.ServerLiveResponse;
import dev.graft.server.protocol.ServerMetadataRequest;
import dev.graft.server.protocol.ServerMetadataResponse;
import dev.graft.server.protocol.ServerReadyRequest;
import dev.graft.server.protocol.ServerReadyResponse;
import io.vertx.grpc.common.GrpcStatus;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class ServerAccessTest {

  @TempDir Path folder;

  @Test
  void theServerAsksForTokensOverBothProtocols() throws Exception {
    Fixture.bundle(folder.resolve("models").resolve("pictures"), 1);
    ServerOptions options =
        ServerOptions.of(folder.resolve("models")).withTokens(Tokens.write(folder));
    try (Fixture fixture = new Fixture(options)) {
      ServerMetadataRequest about = ServerMetadataRequest.getDefaultInstance();
      ServerMetadataResponse told = ServerMetadataResponse.getDefaultInstance();
      assertEquals(
          GrpcStatus.UNAUTHENTICATED,
          fixture.refused("ServerMetadata", about, told, null).status());
      assertEquals("graft", fixture.call("ServerMetadata", about, told, "reader").getName());
      assertEquals(
          GrpcStatus.PERMISSION_DENIED,
          fixture
              .refused(
                  "RepositoryModelUnload",
                  RepositoryModelUnloadRequest.newBuilder().setModelName("pictures").build(),
                  RepositoryModelUnloadResponse.getDefaultInstance(),
                  "reader")
              .status());
      assertEquals(401, status(fixture, "/v2", null));
      assertEquals(200, status(fixture, "/v2", "reader"));
    }
  }

  @Test
  void whetherItLivesIsToldToEverybodyOverBothProtocols() throws Exception {
    Fixture.bundle(folder.resolve("models").resolve("pictures"), 1);
    ServerOptions options =
        ServerOptions.of(folder.resolve("models")).withTokens(Tokens.write(folder));
    try (Fixture fixture = new Fixture(options)) {
      assertTrue(
          fixture
              .call(
                  "ServerLive",
                  ServerLiveRequest.getDefaultInstance(),
                  ServerLiveResponse.getDefaultInstance())
              .getLive());
      assertTrue(
          fixture
              .call(
                  "ServerReady",
                  ServerReadyRequest.getDefaultInstance(),
                  ServerReadyResponse.getDefaultInstance())
              .getReady());
      assertEquals(200, status(fixture, "/v2/health/live", null));
      assertEquals(200, status(fixture, "/v2/health/ready", null));
    }
  }

  private static int status(Fixture fixture, String path, String token) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(fixture.uri(path));
    if (token != null) {
      request.header("authorization", "Bearer " + token);
    }
    return HttpClient.newHttpClient()
        .send(request.build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void tokensAreTakenWhenTheirFileIsReplacedAndBrokenOnesAreNot() throws Exception {
    Path tokens = Tokens.write(folder);
    ServerOptions options =
        ServerOptions.of(Files.createDirectory(folder.resolve("models"))).withTokens(tokens);
    try (Fixture fixture = new Fixture(options);
        LogLines log = new LogLines(FileWatch.class)) {
      assertEquals(200, status(fixture, "/v2", "reader"));
      Files.writeString(tokens, Tokens.line("infer", "newcomer"));
      while (status(fixture, "/v2", "newcomer") != 200) {
        Thread.onSpinWait();
      }
      assertEquals(401, status(fixture, "/v2", "reader"), "a token that is gone");

      Files.writeString(tokens, "infer newcomer's-secret");
      log.await("SEVERE tokens stay as they were");
      assertEquals(200, status(fixture, "/v2", "newcomer"));
      assertEquals(401, status(fixture, "/v2", "newcomer's-secret"));

      Files.delete(tokens);
      log.await("SEVERE tokens stay as they were");
      assertEquals(200, status(fixture, "/v2", "newcomer"));
    }
  }

  @Test
  void otherMachinesAreNotServedWithoutTokens() throws Exception {
    ServerOptions local = ServerOptions.of(folder);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> local.withAddress("0.0.0.0", 0));
    assertTrue(e.getMessage().contains("name a file of tokens"), e::getMessage);
    Path tokens = Tokens.write(folder);
    assertDoesNotThrow(() -> local.withTokens(tokens).withAddress("0.0.0.0", 0));
    assertDoesNotThrow(
        () ->
            new ServerOptions(
                ModelOptions.of(folder),
                "0.0.0.0",
                0,
                Optional.empty(),
                true,
                1 << 20,
                1 << 20,
                Optional.empty(),
                Optional.empty(),
                OperationOptions.DEFAULTS));
    assertThrows(IllegalArgumentException.class, () -> local.withAddress("127.0.0.1", 65536));
  }
}
