package dev.graft.server.registry;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PostgresVersionsTest extends VersionsContract {

  private static PostgresServer server;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @Override
  DatabaseOptions options() {
    return server.options();
  }

  @Test
  void aWrongPasswordIsRefusedAndNotRepeated() {
    DatabaseOptions wrong = new DatabaseOptions(options().url(), options().user(), "guessed");
    IOException e = assertThrows(IOException.class, () -> Versions.open(wrong, Clock.systemUTC()));
    assertFalse(e.getMessage().contains("guessed"), e::getMessage);
  }
}
