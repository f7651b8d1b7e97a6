package dev.graft.bench.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A process of Python that makes a step of training for each line it reads and says its loss; {@code
 * -Dgraft.python} names the interpreter.
 */
final class PythonSteps implements AutoCloseable {

  private final Process process;
  private final Writer steps;
  private final BufferedReader losses;

  /** Starts a script of {@code bench/src/peers/python}. */
  PythonSteps(String script) throws IOException {
    String python = System.getProperty("graft.python", "python3");
    process =
        new ProcessBuilder(python, "bench/src/peers/python/" + script)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    steps = process.outputWriter(StandardCharsets.UTF_8);
    losses = process.inputReader(StandardCharsets.UTF_8);
  }

  /** The step; returns the loss. */
  double run() throws IOException {
    steps.write('\n');
    steps.flush();
    return Double.parseDouble(
        Optional.ofNullable(losses.readLine())
            .orElseThrow(() -> new IOException("Python has ended; see its message above")));
  }

  @Override
  public void close() throws IOException {
    steps.close();
    losses.close();
    process.destroy();
  }
}
