package dev.graft.bench.peer;

import dev.graft.bench.UpdateStep;
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
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** The step of {@link UpdateStep} by the AdamW of LibTorch's C++ front end, without clipping. */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 4, time = 2)
public class FrontEndUpdateStep {

  private TensorVector parameters;
  private AdamW optimizer;

  /** Makes parameters with gradients. */
  @Setup
  public void open() {
    dev.graft.tensor.Runtime.start();
    parameters = new TensorVector();
    for (int i = 0; i < UpdateStep.TENSORS; i++) {
      Tensor parameter = torch.randn(64, 64, 3, 3).set_requires_grad(true);
      parameter.mutable_grad().put(torch.randn(64, 64, 3, 3));
      parameters.push_back(parameter);
    }
    AdamWOptions options = new AdamWOptions(1e-3);
    options.weight_decay().put(0.01);
    optimizer = new AdamW(parameters, options);
  }

  /** The step. */
  @Benchmark
  public void frontEnd() {
    optimizer.step();
  }

  /** Frees everything. */
  @TearDown
  public void close() {
    optimizer.close();
    parameters.close();
  }
}
