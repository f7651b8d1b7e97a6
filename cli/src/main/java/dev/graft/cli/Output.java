package dev.graft.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where results go: text for people, or one JSON value as the last line of standard output. */
final class Output {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--json",
      description = "Print the result as one JSON value on the last line of standard output.")
  private boolean json;

  /** True if the result is to be one JSON value. */
  boolean json() {
    return json;
  }

  /** Prints a result in the form that was asked for. */
  void print(Object value, Consumer<PrintWriter> text) {
    PrintWriter out = command.commandLine().getOut();
    if (json) {
      try {
        out.println(MAPPER.writeValueAsString(value));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    } else {
      text.accept(out);
    }
    out.flush();
  }

  /** Prints a message for people to standard error. */
  void say(String message) {
    PrintWriter err = command.commandLine().getErr();
    err.println(message);
    err.flush();
  }
}
