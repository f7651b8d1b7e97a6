package dev.graft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every command. */
class CommandsTest {

  @TempDir private Path temp;

  static Set<String> commands() {
    return new TreeSet<>(Main.commandLine(Map.of()).getSubcommands().keySet());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpHasAnExample(String command) {
    Ran help = Ran.graft(command, "--help");
    assertEquals(0, help.code());
    assertTrue(help.out().contains("Example: graft " + command), help.out());
  }

  @Test
  void theReadmeNamesEveryCommandAndNoOther() throws IOException {
    String readme = Files.readString(Path.of(System.getProperty("graft.root"), "README.md"));
    Set<String> named =
        Pattern.compile("(?m)^\\| `graft ([a-z-]+)` \\|")
            .matcher(readme)
            .results()
            .map(match -> match.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(commands(), named);
  }

  @Test
  void aWrongCommandLineEndsWith2() {
    assertEquals(2, Ran.graft("fit", "--no-such-option").code());
    assertEquals(2, Ran.graft("no-such-command").code());
  }

  @Test
  void aRefusalEndsWith1AndOneLine() {
    Ran ran = Ran.graft("fit", "--base", temp, "--data", Ran.demo("glyphs-target"), "--out", temp);
    assertEquals(1, ran.code());
    assertEquals("", ran.out());
    assertEquals(1, ran.err().lines().count(), ran.err());
    assertTrue(ran.err().startsWith("graft: '" + temp + "' is no base model"), ran.err());
  }
}
