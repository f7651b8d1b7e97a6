package dev.graft.server.access;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.grpc.common.GrpcStatus;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SameOriginTest {

  private static final SameOrigin LOCAL = SameOrigin.thisMachine("127.0.0.2");
  private static final SameOrigin ANY = SameOrigin.anyHost();

  @ParameterizedTest
  @CsvSource({
    "http, 127.0.0.1:8001,",
    "http, localhost,",
    "http, 127.0.0.2:8001,",
    "http, [::1]:8001, http://[::1]:8001",
    "http, 127.0.0.1:8001, http://127.0.0.1:8001",
    "http, localhost, https://localhost",
    "https, localhost:8001, https://LOCALHOST:8001"
  })
  void itsOwnPagesAndThoseWhoAreNoPageMayAsk(String scheme, String host, String origin) {
    assertDoesNotThrow(() -> LOCAL.check(scheme, host, origin));
    assertDoesNotThrow(() -> ANY.check(scheme, host, origin));
  }

  @ParameterizedTest
  @CsvSource({
    "http, 127.0.0.1:8001, http://evil.example",
    "http, 127.0.0.1:8001, http://127.0.0.1:8002",
    "http, 127.0.0.1:8001, http://localhost:8001",
    "http, 127.0.0.1:8001, http://127.0.0.1:8001.evil.example",
    "https, 127.0.0.1:8001, http://127.0.0.1:8001",
    "http, 127.0.0.1:8001, null",
    "http, 127.0.0.1:8001, ''"
  })
  void pagesOfOthersMayNot(String scheme, String host, String origin) {
    for (SameOrigin pages : new SameOrigin[] {LOCAL, ANY}) {
      Refusal refusal = assertThrows(Refusal.class, () -> pages.check(scheme, host, origin));
      assertEquals(GrpcStatus.PERMISSION_DENIED, refusal.status());
      assertTrue(
          refusal.getMessage().contains("those of " + scheme + "://" + host + " may"),
          refusal::getMessage);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example:8001",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "[::2]:1",
        ""
      })
  void aNameThatOthersGaveThisMachineIsNotServed(String host) {
    Refusal refusal = assertThrows(Refusal.class, () -> LOCAL.check("http", host, null));
    assertEquals(GrpcStatus.PERMISSION_DENIED, refusal.status());
    assertTrue(refusal.getMessage().contains("localhost"), refusal::getMessage);
    assertThrows(Refusal.class, () -> LOCAL.check("http", host, "http://" + host));
    assertDoesNotThrow(() -> ANY.check("http", host, null));
  }
}
