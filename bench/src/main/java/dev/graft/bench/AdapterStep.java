package dev.graft.bench;

import dev.graft.model.Model;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.spi.Surgery;
import dev.graft.task.Classification;
import dev.graft.tensor.NativeMemory;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
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
 * One step of a vision transformer of 86 million parameters with AdamW: LoRA of rank 8 on its
 * attention beside everything tuned. Says at the end how much memory the process has held at most.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2)
@Measurement(iterations = 6)
public class AdapterStep {

  private static final int BATCH = 4;
  private static final int SIDE = 224;
  private static final Settings NONE = new Settings(Map.of());
  private static final Classification TASK = new Classification(Networks.labels());

  /** Adapters and the head train. */
  @State(Scope.Benchmark)
  public static class Adapted {
    private TrainingStep step;

    /** Builds the network and a batch. */
    @Setup
    public void open() {
      Registry registry = Registry.load(getClass().getClassLoader());
      Model model = Networks.visionTransformer(registry);
      Surgery lora = registry.get(Surgery.class, "lora");
      lora.apply(model, NONE.checked("lora", lora.settings()), TASK);
      step = step(registry, model, name -> name.contains("lora_") || name.startsWith("heads."));
    }

    /** Frees everything. */
    @TearDown
    public void close() {
      AdapterStep.close(step);
    }
  }

  /** Everything trains. */
  @State(Scope.Benchmark)
  public static class Whole {
    private TrainingStep step;

    /** Builds the network and a batch. */
    @Setup
    public void open() {
      Registry registry = Registry.load(getClass().getClassLoader());
      step = step(registry, Networks.visionTransformer(registry), name -> true);
    }

    /** Frees everything. */
    @TearDown
    public void close() {
      AdapterStep.close(step);
    }
  }

  /** The step of LoRA; returns the loss. */
  @Benchmark
  public double lora(Adapted state) {
    return state.step.run();
  }

  /** The step of full fine-tuning; returns the loss. */
  @Benchmark
  public double full(Whole state) {
    return state.step.run();
  }

  private static TrainingStep step(Registry registry, Model model, Predicate<String> trained) {
    return new TrainingStep(
        registry, model, TASK, trained, "adamw", NONE, TrainingStep.images(BATCH, SIDE), BATCH);
  }

  private static void close(TrainingStep step) {
    System.err.println(NativeMemory.usage());
    step.close();
  }
}
