package dev.graft.server.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The {@code graft} command line in processes of their own, so that a crash of native code or a
 * limit of memory ends one of them and never the server. What they say goes to files: a process
 * that writes into a pipe would end with the server.
 */
final class GraftProcess {

  /** Name of the file with the output of a process. */
  static final String OUT = "out.txt";

  /** Name of the file with the messages of processes. */
  static final String LOG = "log.txt";

  /** Milliseconds between questions whether somebody still waits. */
  private static final int PATIENCE = 200;

  /** How a command line begins the one line in which it refuses. */
  private static final String REFUSAL = "graft: ";

  /** Variables that only the server needs. */
  private static final String SECRETS = "GRAFT_DATABASE";

  private final List<String> command;
  private final Map<String, String> hidden;

  /**
   * Processes of a command.
   *
   * @param command what runs the command line, without its arguments
   * @param hidden parts of messages that clients do not see, with what they see instead
   */
  GraftProcess(List<String> command, Map<String, String> hidden) {
    this.command = List.copyOf(command);
    this.hidden = Map.copyOf(hidden);
  }

  /**
   * Starts a process.
   *
   * @param out where its standard output goes
   * @param log where its messages go, after those that are there
   */
  Process start(List<String> arguments, Path out, Path log) throws IOException {
    List<String> words = new ArrayList<>(command);
    words.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    var unused = builder.environment().keySet().removeIf(key -> key.startsWith(SECRETS));
    Process process = builder.start();
    process.getOutputStream().close(); // nothing is typed
    return process;
  }

  /**
   * Runs a process to its end and waits for it.
   *
   * @param folder where {@link #OUT} and {@link #LOG} go
   * @param stop is asked several times a second; true ends the process
   * @return its exit code; empty if it was ended
   */
  OptionalInt run(List<String> arguments, Path folder, BooleanSupplier stop) throws IOException {
    Process process = start(arguments, folder.resolve(OUT), folder.resolve(LOG));
    try {
      while (!process.waitFor(PATIENCE, TimeUnit.MILLISECONDS)) {
        if (stop.getAsBoolean()) {
          return OptionalInt.empty();
        }
      }
      return OptionalInt.of(process.exitValue());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalInt.empty();
    } finally {
      var unused = process.destroyForcibly();
    }
  }

  /** Why the last process of a log refused, without the names of folders; empty if it did not. */
  Optional<String> refusal(Path log) throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines
          .filter(line -> line.startsWith(REFUSAL))
          .reduce((first, second) -> second)
          .map(line -> shown(line.substring(REFUSAL.length())));
    }
  }

  private String shown(String message) {
    String result = message;
    for (Map.Entry<String, String> part : hidden.entrySet()) {
      result = result.replace(part.getKey(), part.getValue());
    }
    return result;
  }
}
