package dev.graft.bench;

import dev.graft.tensor.OptimizerStep;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.tensor.UpdateRule;
import java.util.ArrayList;
import java.util.List;
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

/** AdamW with clipping over {@value #TENSORS} tensors of 64 x 64 x 3 x 3, in one call. */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 4, time = 2)
public class UpdateStep {

  /** Number of parameters. */
  public static final int TENSORS = 60;

  private final List<OptimizerStep.Entry> entries = new ArrayList<>();
  private final UpdateRule rule = new UpdateRule.Adam(0.9, 0.999, 1e-8, true);

  /** Makes parameters with gradients. */
  @Setup
  public void open() {
    RandomState.seed(3);
    for (int i = 0; i < TENSORS; i++) {
      Tensor parameter = Tensor.randn(64, 64, 3, 3);
      parameter.setRequiresGrad(true);
      try (Scope scope = Scope.open()) {
        parameter.setGrad(Tensor.randn(64, 64, 3, 3));
      }
      List<Tensor> state = List.of(parameter.zerosLike(), parameter.zerosLike());
      entries.add(new OptimizerStep.Entry(parameter, state, 1, 1e-3, 0.01));
    }
  }

  /** The step; returns the norm of all gradients. */
  @Benchmark
  public double graft() {
    return OptimizerStep.apply(rule, entries, 1.0).gradientNorm();
  }

  /** Frees everything. */
  @TearDown
  public void close() {
    for (OptimizerStep.Entry entry : entries) {
      entry.parameter().close();
      entry.state().forEach(Tensor::close);
    }
  }
}
