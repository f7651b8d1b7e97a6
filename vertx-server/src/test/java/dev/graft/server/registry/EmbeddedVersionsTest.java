package dev.graft.server.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedVersionsTest extends VersionsContract {

  @TempDir private Path folder;

  @Override
  DatabaseOptions options() {
    return DatabaseOptions.embedded(folder);
  }

  @Test
  void aFileThatIsNoDatabaseIsRefused() throws IOException {
    Files.writeString(folder.resolve("registry.mv.db"), "not a database");
    IOException e =
        assertThrows(IOException.class, () -> Versions.open(options(), Clock.systemUTC()));
    assertFalse(e.getMessage().isEmpty());
  }

  @Test
  void passwordsAreNotPrinted() {
    String shown =
        new DatabaseOptions("jdbc:postgresql://me:secret@host/db?password=secret", "me", "secret")
            .toString();
    assertEquals("jdbc:postgresql://host/db", shown);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> new DatabaseOptions("me:secret", "", ""));
    assertFalse(e.getMessage().contains("secret"), e::getMessage);
  }
}
