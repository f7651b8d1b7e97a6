package dev.graft.bench;

import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.task.Classification;
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
 * One step of full fine-tuning in fp32: forward, loss, backward and update of ResNet-18 on {@value
 * #BATCH} images of {@value #SIDE} x {@value #SIDE}, SGD with momentum.
 */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 4)
@Measurement(iterations = 4, time = 4)
public class FineTuneStep {

  /** Images per step. */
  public static final int BATCH = 16;

  /** Height and width of an image. */
  public static final int SIDE = 128;

  private TrainingStep step;

  /** Builds the network and a batch. */
  @Setup
  public void open() {
    Registry registry = Registry.load(getClass().getClassLoader());
    step =
        new TrainingStep(
            registry,
            Networks.resnet18(registry),
            new Classification(Networks.labels()),
            name -> true,
            "sgd",
            Settings.of("momentum", 0.9),
            TrainingStep.images(BATCH, SIDE),
            BATCH);
  }

  /** The step; returns the loss. */
  @Benchmark
  public double graft() {
    return step.run();
  }

  /** Frees everything. */
  @TearDown
  public void close() {
    step.close();
  }
}
