package dev.graft.server.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.grpc.common.GrpcStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        "# who may do what\n\n"
            + line("infer", "reader")
            + line("train", "trainer")
            + line("manage", "keeper"));
  }

  @Test
  void aRoleAllowsWhatItSays() throws Exception {
    Access access = Access.read(tokens());
    access.check("Bearer reader", Role.INFER);
    access.check("bearer keeper", Role.INFER);
    access.check("Bearer keeper", Role.MANAGE);
    access.check("Bearer keeper", Role.TRAIN);
    access.check("Bearer trainer", Role.TRAIN);
    access.check("Bearer trainer", Role.INFER);
    assertStatus(GrpcStatus.PERMISSION_DENIED, access, "Bearer reader", Role.TRAIN);
    assertStatus(GrpcStatus.PERMISSION_DENIED, access, "Bearer trainer", Role.MANAGE);
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
}
