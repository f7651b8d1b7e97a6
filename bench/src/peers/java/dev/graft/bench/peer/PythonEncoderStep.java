package dev.graft.bench.peer;

import java.io.IOException;
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

/** The step of everything of {@link dev.graft.bench.EncoderStep} in PyTorch. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 4)
@Measurement(iterations = 4, time = 4)
public class PythonEncoderStep {

  private PythonSteps steps;

  /** Starts Python. */
  @Setup
  public void open() throws IOException {
    steps = new PythonSteps("encoder.py");
  }

  /** The step; returns the loss. */
  @Benchmark
  public double python() throws IOException {
    return steps.run();
  }

  /** Ends Python. */
  @TearDown
  public void close() throws IOException {
    steps.close();
  }
}
