package dev.graft.bench;

import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.spi.ModelFamily;
import dev.graft.spi.Surgery;
import dev.graft.task.Classification;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
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
 * One step of a text encoder (6 layers, width 384) on {@value #BATCH} texts of {@value #LENGTH}
 * tokens with AdamW: everything, LoRA of rank 8 on queries and values of all layers and of the top
 * two, and the head alone behind the frozen rest. No dropout.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 4)
@Measurement(iterations = 4, time = 4)
public class EncoderStep {

  /** Words of the vocabulary. */
  public static final int WORDS = 2000;

  static final int BATCH = 16;
  static final int LENGTH = 64;

  private static final String HEAD = "classifier";
  private static final Classification TASK = new Classification(Networks.labels());

  /** Everything trains. */
  @State(Scope.Benchmark)
  public static class Whole extends Step {
    /** The encoder as it is. */
    public Whole() {
      super("", "");
    }
  }

  /** LoRA in all layers. */
  @State(Scope.Benchmark)
  public static class Adapted extends Step {
    /** Adapters where LoRA puts them. */
    public Adapted() {
      super("auto", "lora_");
    }
  }

  /** LoRA in the top two layers. */
  @State(Scope.Benchmark)
  public static class AdaptedOnTop extends Step {
    /** Adapters at the end of the encoder. */
    public AdaptedOnTop() {
      super("layer\\.[45]\\.attention\\.self\\.(query|value)", "lora_");
    }
  }

  /** The head alone. */
  @State(Scope.Benchmark)
  public static class HeadAlone extends Step {
    /** The rest frozen. */
    public HeadAlone() {
      super("", HEAD);
    }
  }

  /** A way of training the encoder. */
  @State(Scope.Benchmark)
  public abstract static class Step {

    private final String targets;
    private final String trained;
    private TrainingStep step;

    /**
     * Of adapters and what trains.
     *
     * @param targets where adapters go; empty: nowhere
     * @param trained part of the names of what trains beside the head; empty: everything
     */
    Step(String targets, String trained) {
      this.targets = targets;
      this.trained = trained;
    }

    /** Builds the encoder and a batch. */
    @Setup
    public void open() {
      Registry registry = Registry.load(getClass().getClassLoader());
      RandomState.seed(1);
      Map<String, Object> config = new HashMap<>(Networks.encoder(6, 384, WORDS));
      config.put("hidden_dropout_prob", 0.0);
      config.put("attention_probs_dropout_prob", 0.0);
      ModelSpec spec = registry.modelSpec(config);
      Model model = new Model(spec, registry.get(ModelFamily.class, spec.family()).build(spec));
      TASK.putHeadOn(model);
      if (!targets.isEmpty()) {
        Surgery lora = registry.get(Surgery.class, "lora");
        lora.apply(model, Settings.of("targets", targets).checked("lora", lora.settings()), TASK);
      }
      step =
          new TrainingStep(
              registry,
              model,
              TASK,
              name -> name.contains(trained) || name.contains(HEAD),
              "adamw",
              new Settings(Map.of()),
              texts(),
              BATCH);
    }

    private static NamedTensors texts() {
      Random random = new Random(2);
      long[] ids = random.longs((long) BATCH * LENGTH, 5, WORDS).toArray();
      long[] ones = new long[ids.length];
      Arrays.fill(ones, 1);
      return NamedTensors.of("input_ids", Tensor.of(ids, BATCH, LENGTH))
          .with("attention_mask", Tensor.of(ones, BATCH, LENGTH))
          .with("token_type_ids", Tensor.of(new long[ids.length], BATCH, LENGTH));
    }

    double run() {
      return step.run();
    }

    /** Frees everything. */
    @TearDown
    public void close() {
      step.close();
    }
  }

  /** The step of everything; returns the loss. */
  @Benchmark
  public double full(Whole state) {
    return state.run();
  }

  /** The step of adapters in all layers; returns the loss. */
  @Benchmark
  public double lora(Adapted state) {
    return state.run();
  }

  /** The step of adapters in the top two layers; returns the loss. */
  @Benchmark
  public double loraOnTop(AdaptedOnTop state) {
    return state.run();
  }

  /** The step of the head; returns the loss. */
  @Benchmark
  public double head(HeadAlone state) {
    return state.run();
  }
}
