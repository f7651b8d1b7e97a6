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
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The step of {@link dev.graft.bench.FineTuneStep} in PyTorch, where the Python that {@code
 * -Dgraft.bench.python} names has it. One process of Python makes all steps; each line to it is one step.
 */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 4)
@Measurement(iterations = 4, time = 4)
public class PythonFineTuneStep {

  private Process process;
  private Writer steps;
  private BufferedReader losses;

  /** Starts Python. */
  @Setup
  public void open() throws IOException {
    String python = System.getProperty("graft.bench.python", "python3");
    process =
        new ProcessBuilder(python, "bench/src/peers/python/step.py")
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
