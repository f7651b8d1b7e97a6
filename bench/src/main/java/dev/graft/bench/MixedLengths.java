package dev.graft.bench;

import dev.graft.bundle.Bundle;
import dev.graft.data.Example;
import dev.graft.infer.Predictor;
import dev.graft.infer.PredictorOptions;
import dev.graft.infer.SharedBase;
import dev.graft.registry.Registry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
 * {@value #REQUESTS} texts for an encoder of six layers, every other one of {@value #SHORT} tokens
 * and the rest of {@value #LONG}: in batches of one length, as the queue makes them, beside batches
 * of {@value #BATCH} in the order of arrival, padded to the longest.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2)
@Measurement(iterations = 5)
public class MixedLengths {

  static final int REQUESTS = 320;

  private static final int BATCH = 16;
  private static final int SHORT = 8;
  private static final int LONG = 64;

  private AdapterFolders folders;
  private SharedBase base;
  private Predictor predictor;
  private final List<Example> examples = new ArrayList<>();

  /** Makes the encoder and the texts. */
  @Setup
  public void open() throws IOException {
    open(6, 384);
  }

  /** The same with another encoder. */
  void open(int layers, int width) throws IOException {
    folders = new AdapterFolders(Registry.load(getClass().getClassLoader()), layers, width);
    PredictorOptions options =
        PredictorOptions.defaults().withBatch(BATCH, Duration.ofMillis(2)).withCapacity(REQUESTS);
    base = folders.graft().sharedBase(folders.base(), options);
    predictor = base.open(Bundle.open(folders.fitted("linear-probe")));
    for (int i = 0; i < REQUESTS; i++) {
      String text = AdapterFolders.text(i, i % 2 == 0 ? SHORT : LONG);
      examples.add(predictor.decode("text " + i, text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** All at once into the queue. */
  @Benchmark
  public double byLength() {
    List<CompletableFuture<double[]>> answers = examples.stream().map(predictor::submit).toList();
    return answers.stream().mapToDouble(answer -> answer.join()[0]).sum();
  }

  /** Batch after batch, on this thread. */
  @Benchmark
  public double padded() {
    double sum = 0;
    for (int i = 0; i < REQUESTS; i += BATCH) {
      for (double[] scores : predictor.scores(examples.subList(i, i + BATCH))) {
        sum += scores[0];
      }
    }
    return sum;
  }

  /** Frees everything. */
  @TearDown
  public void close() throws IOException {
    predictor.close();
    base.close();
    folders.close();
  }
}
