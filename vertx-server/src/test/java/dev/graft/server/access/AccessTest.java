package dev.graft.server.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.grpc.common.GrpcStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTest {

  @TempDir Path folder;

  @Test
  void aRoleAllowsWhatItSays() throws Exception {
    Access access = Access.read(Tokens.write(folder));
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
    for (String text :
        new String[] {"", "# none", "infer", "infer secret", "infer 00ff", "boss 00ff"}) {
      Path file = Files.writeString(folder.resolve("bad"), text);
      IOException e = assertThrows(IOException.class, () -> Access.read(file));
      assertFalse(e.getMessage().contains("secret"), e::getMessage);
    }
  }
}
