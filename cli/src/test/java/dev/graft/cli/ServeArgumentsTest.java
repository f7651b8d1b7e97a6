package dev.graft.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeArgumentsTest {

  @TempDir private Path temp;

  private static List<String> complete(Map<String, String> environment, String... given)
      throws IOException {
    return List.of(ServeArguments.complete(given, environment));
  }

  @Test
  void theCommandLineComesFirstThenTheEnvironmentThenTheFile() throws IOException {
    Path file = temp.resolve("serve.conf");
    Files.writeString(file, "# comment\nport = 1\nmax-batch=8\nmax-delay: 5\nreflection=true\n");
    assertEquals(
        List.of(
            "serve",
            "--max-batch=16",
            "--max-delay=5",
            "--reflection",
            "--config",
            file.toString(),
            "--port",
            "3"),
        complete(
            Map.of("GRAFT_SERVE_MAX_BATCH", "16", "GRAFT_SERVE_PORT", "2", "OTHER", "x"),
            "serve",
            "--config",
            file.toString(),
            "--port",
            "3"));
  }

  @Test
  void theEnvironmentMayNameTheFileAndSwitchOff() throws IOException {
    Path file = temp.resolve("serve.conf");
    Files.writeString(file, "reflection=true\nhost=::1");
    assertEquals(
        List.of("serve", "--config=" + file, "--host=::1"),
        complete(
            Map.of("GRAFT_SERVE_CONFIG", file.toString(), "GRAFT_SERVE_REFLECTION", "false"),
            "serve"));
  }

  @Test
  void otherCommandsStayAsTheyAre() throws IOException {
    String[] given = {"predict", "--bundle", "x"};
    assertArrayEquals(given, ServeArguments.complete(given, Map.of("GRAFT_SERVE_PORT", "2")));
    assertEquals(0, ServeArguments.complete(new String[0], Map.of()).length);
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    String missing = temp.resolve("none").toString();
    NoSuchFileException e =
        assertThrows(
            NoSuchFileException.class, () -> complete(Map.of(), "serve", "--config=" + missing));
    assertTrue(e.getMessage().contains("none"), e.getMessage());
  }
}
