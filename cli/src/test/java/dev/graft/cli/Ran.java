package dev.graft.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/**
 * What a command line did.
 *
 * @param code exit code
 * @param out standard output
 * @param err standard error, without what the listeners of a run print
 */
record Ran(int code, String out, String err) {

  /** Runs a command line in this process. */
  static Ran graft(Map<String, String> environment, Object... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Main.commandLine(environment)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    String[] args = java.util.Arrays.stream(words).map(Object::toString).toArray(String[]::new);
    return new Ran(command.execute(args), out.toString(), err.toString());
  }

  static Ran graft(Object... words) {
    return graft(Map.of(), words);
  }

  /** The last line of standard output. */
  JsonNode json() {
    List<String> lines = out.lines().toList();
    try {
      return JsonMapper.builder().build().readTree(lines.get(lines.size() - 1));
    } catch (JsonProcessingException e) {
      throw new AssertionError("the last line is no JSON: " + out, e);
    }
  }

  /** A file or folder of the demo, which is part of the project. */
  static Path demo(String name) {
    return Path.of(System.getProperty("graft.root"), "examples", "demo", name);
  }
}
