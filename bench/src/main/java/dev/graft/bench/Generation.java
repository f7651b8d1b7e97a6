package dev.graft.bench;

import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.registry.Registry;
import dev.graft.spi.ModelFamily;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Tensor;
import dev.graft.text.block.KeyValues;
import dev.graft.text.block.Pass;
import dev.graft.text.block.WordModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
 * {@value #TOKENS} tokens of a Llama of 260 thousand parameters, one after another: with keys and
 * values kept between steps, and with all positions computed anew in every step.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3)
@Measurement(iterations = 6)
public class Generation {

  static final int TOKENS = 200;

  private Model model;
  private WordModel words;

  /** Builds the network, in the shape of stories260K, with random weights. */
  @Setup
  public void open() {
    RandomState.seed(1);
    Registry registry = Registry.load(getClass().getClassLoader());
    ModelSpec spec =
        registry.modelSpec(
            Map.of(
                "arch", "llama2.c",
                "vocab_size", 512,
                "dim", 64,
                "hidden_dim", 172,
                "n_layers", 5,
                "n_heads", 8,
                "n_kv_heads", 4,
                "max_seq_len", 512,
                "tied_output", true));
    model = new Model(spec, registry.get(ModelFamily.class, spec.family()).build(spec));
    words = (WordModel) model.network();
  }

  /** Frees it. */
  @TearDown
  public void close() {
    model.close();
  }

  /** A step computes one position. */
  @Benchmark
  public List<Long> cached() {
    try (KeyValues cache = new KeyValues()) {
      Pass pass = Pass.PLAIN.withCache(cache);
      return generated(ids -> words.next(Tensor.of(new long[] {last(ids)}, 1, 1), pass));
    }
  }

  /** A step computes all positions. */
  @Benchmark
  public List<Long> uncached() {
    return generated(
        ids -> {
          long[] all = ids.stream().mapToLong(Long::longValue).toArray();
          return words.next(Tensor.of(all, 1, all.length), Pass.PLAIN);
        });
  }

  private interface Step {
    Tensor logits(List<Long> ids);
  }

  private static List<Long> generated(Step step) {
    List<Long> ids = new ArrayList<>(List.of(1L));
    try (Autograd off = Autograd.off()) {
      for (int i = 0; i < TOKENS; i++) {
        try (dev.graft.tensor.Scope scope = dev.graft.tensor.Scope.open()) {
          ids.add((long) step.logits(ids).argmax(1).item());
        }
      }
    }
    return ids;
  }

  private static long last(List<Long> ids) {
    return ids.get(ids.size() - 1);
  }
}
