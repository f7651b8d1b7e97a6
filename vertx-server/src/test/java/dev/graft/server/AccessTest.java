package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.server.protocol.RepositoryModelUnloadRequest;
import dev.graft.server.protocol.RepositoryModelUnloadResponse;
import dev.graft.server.protocol.ServerLiveRequest;
import dev.graft.server.protocol.ServerLiveResponse;
import io.vertx.grpc.common.GrpcStatus;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class AccessTest {

  @TempDir Path folder;

  private static String line(String role, String token) throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    return role + " " + HexFormat.of().formatHex(digest) + "\n";
  }

  private Path tokens() throws Exception {
    return Files.writeString(
        folder.resolve("tokens"),
        "# who may do what\n\n" + line("infer", "reader") + line("manage", "keeper"));
  }

  @Test
  void aRoleAllowsWhatItSays() throws Exception {
    Access access = Access.read(tokens());
    access.check("Bearer reader", Role.INFER);
    access.check("bearer keeper", Role.INFER);
    access.check("Bearer keeper", Role.MANAGE);
    assertStatus(GrpcStatus.PERMISSION_DENIED, access, "Bearer reader", Role.MANAGE);
    for (String header : new String[] {null, "", "reader", "Basic reader", "Bearer nobody"}) {
      assertStatus(GrpcStatus.UNAUTHENTICATED, access, header, Role.INFER);
    }
  }

  private static void assertStatus(GrpcStatus status, Access access, String header, Role role) {
    Refusal refusal = assertThrows(Refusal.class, () -> access.check(header, role));
    assertEquals(status, refusal.status());
    assertFalse(refusal.getMessage().contains("nobody"), "a token is never repeated");
  }

  @Test
  void aFileOfTokensIsReadStrictly() throws Exception {
    for (String text : new String[] {"", "# none", "infer", "infer secret", "boss 00ff"}) {
      Path file = Files.writeString(folder.resolve("bad"), text);
      IOException e = assertThrows(IOException.class, () -> Access.read(file));
      assertFalse(e.getMessage().contains("secret"), e::getMessage);
    }
  }

  @Test
  void theServerAsksForTokensOverBothProtocols() throws Exception {
    Fixture.bundle(folder.resolve("models").resolve("pictures"), 1);
    ServerOptions options = ServerOptions.of(folder.resolve("models")).withTokens(tokens());
    try (Fixture fixture = new Fixture(options)) {
      ServerLiveRequest live = ServerLiveRequest.getDefaultInstance();
      ServerLiveResponse alive = ServerLiveResponse.getDefaultInstance();
      assertEquals(
          GrpcStatus.UNAUTHENTICATED, fixture.refused("ServerLive", live, alive, null).status());
      assertTrue(fixture.call("ServerLive", live, alive, "reader").getLive());
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
      assertEquals(200, status(fixture, "/v2/health/live", null));
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
  void otherMachinesAreNotServedWithoutTokens() throws Exception {
    ServerOptions local = ServerOptions.of(folder);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> local.withAddress("0.0.0.0", 0));
    assertTrue(e.getMessage().contains("name a file of tokens"), e::getMessage);
    Path tokens = tokens();
    assertDoesNotThrow(() -> local.withTokens(tokens).withAddress("0.0.0.0", 0));
    assertDoesNotThrow(
        () -> new ServerOptions(folder, "0.0.0.0", 0, Optional.empty(), true, 1 << 20));
    assertThrows(IllegalArgumentException.class, () -> local.withAddress("127.0.0.1", 65536));
  }
}
