package dev.graft.bench;

import dev.graft.bundle.Bundle;
import dev.graft.data.Example;
import dev.graft.infer.Predictor;
import dev.graft.infer.PredictorOptions;
import dev.graft.infer.SharedBase;
import dev.graft.registry.Registry;
import dev.graft.tensor.NativeMemory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * {@value #CLIENTS} adapters of one encoder of six layers, texts of eight tokens (or as many as
 * {@code -p tokens=64} says), {@value #REQUESTS} single rows: of as many clients at a time, whose
 * rows are computed together, beside one after the other on one thread; and a row through an
 * adapter beside a row through the base.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3)
@Measurement(iterations = 6)
public class MixedAdapters {

  static final int CLIENTS = 16;

  /** Texts that each measured time is for; a multiple of the clients. */
  static final int REQUESTS = 1600;

  private static final int LAYERS = 6;
  private static final int WIDTH = 384;

  /** Tokens of each text. */
  @Param("8")
  public int tokens;

  private AdapterFolders folders;
  private SharedBase base;
  private Predictor plain;
  private final List<Predictor> adapted = new ArrayList<>();
  private final List<Example> examples = new ArrayList<>();
  private ExecutorService clients;

  /** Makes the base and its adapters. */
  @Setup
  public void open() throws IOException {
    folders = new AdapterFolders(Registry.load(getClass().getClassLoader()), LAYERS, WIDTH);
    PredictorOptions options = PredictorOptions.defaults().withBatch(CLIENTS, Duration.ofMillis(2));
    base = folders.graft().sharedBase(folders.base(), options);
    plain = base.open(Bundle.open(folders.fitted("linear-probe")));
    Path lora = folders.fitted("lora:epochs=1");
    NativeMemory.Usage before = NativeMemory.usage();
    for (int i = 0; i < CLIENTS; i++) {
      adapted.add(base.open(Bundle.open(folders.variant(lora, i))));
    }
    System.err.printf("base %s%nwith %d adapters %s%n", before, CLIENTS, NativeMemory.usage());
    for (int i = 0; i < REQUESTS; i++) {
      byte[] text = AdapterFolders.text(i, tokens).getBytes(StandardCharsets.UTF_8);
      examples.add(plain.decode("text " + i, text));
    }
    clients = Executors.newFixedThreadPool(CLIENTS);
  }

  /** Each client has an adapter, and asks again when it has its answer. */
  @Benchmark
  public double together() throws Exception {
    return asked(adapted);
  }

  /** The same for the base without adapters. */
  @Benchmark
  public double togetherPlain() throws Exception {
    return asked(java.util.Collections.nCopies(CLIENTS, plain));
  }

  private double asked(List<Predictor> predictors) throws Exception {
    List<Future<Double>> sums = new ArrayList<>();
    for (int c = 0; c < CLIENTS; c++) {
      int client = c;
      sums.add(
          clients.submit(
              () -> {
                double sum = 0;
                for (int i = client; i < REQUESTS; i += CLIENTS) {
                  sum += predictors.get(client).submit(examples.get(i)).get()[0];
                }
                return sum;
              }));
    }
    double sum = 0;
    for (Future<Double> each : sums) {
      sum += each.get();
    }
    return sum;
  }

  /** The same requests on one thread, each computed alone. */
  @Benchmark
  public double apart() {
    double sum = 0;
    for (int i = 0; i < REQUESTS; i++) {
      sum += adapted.get(i % CLIENTS).scores(List.of(examples.get(i)))[0][0];
    }
    return sum;
  }

  /** The same requests on one thread, without adapters. */
  @Benchmark
  public double apartPlain() {
    double sum = 0;
    for (int i = 0; i < REQUESTS; i++) {
      sum += plain.scores(List.of(examples.get(i)))[0][0];
    }
    return sum;
  }

  /** Frees everything. */
  @TearDown
  public void close() throws IOException {
    clients.shutdownNow();
    adapted.forEach(Predictor::close);
    plain.close();
    base.close();
    folders.close();
  }
}
