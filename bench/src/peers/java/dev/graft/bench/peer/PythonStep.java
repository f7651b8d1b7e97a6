package dev.graft.bench.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A step of training in PyTorch. One process of Python makes a step for each line it reads and says
 * its loss; {@code -Dgraft.python} names the interpreter.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 4)
@Measurement(iterations = 4, time = 4)
public abstract class PythonStep {

  private final String script;
  private Process process;
  private Writer steps;
  private BufferedReader losses;

  /** With a script of {@code bench/src/peers/python}. */
  PythonStep(String script) {
    this.script = script;
  }

  /** Starts Python. */
  @Setup
  public void open() throws IOException {
    String python = System.getProperty("graft.python", "python3");
    process =
        new ProcessBuilder(python, "bench/src/peers/python/" + script)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    steps = process.outputWriter(StandardCharsets.UTF_8);
    losses = process.inputReader(StandardCharsets.UTF_8);
  }

  /** The step; returns the loss. */
  @Benchmark
  public double python() throws IOException {
    steps.write('\n');
    steps.flush();
    return Double.parseDouble(
        Optional.ofNullable(losses.readLine())
            .orElseThrow(() -> new IOException("Python has ended; see its message above")));
  }

  /** Ends Python. */
  @TearDown
  public void close() throws IOException {
    steps.close();
    losses.close();
    process.destroy();
  }
}
