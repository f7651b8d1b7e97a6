package dev.graft.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.Graft;
import dev.graft.TinyPlugins;
import dev.graft.bundle.Bundle;
import dev.graft.data.CorruptExampleException;
import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.registry.Registry;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.NativeMemory;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.train.TinyJobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class PredictorTest {

  private static final TinyJobs.Images DATA = new TinyJobs.Images(21, 3);
  private static final Registry REGISTRY = Graft.create().registry();

  @TempDir static Path folder;
  private static Bundle bundle;

  @BeforeAll
  static void fit() throws IOException {
    bundle = TinyPlugins.fit(folder, ":scratch=true,epochs=4").bundle().orElseThrow();
  }

  private static List<Example> examples() {
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < DATA.size(); i++) {
      examples.add(DATA.load(i));
    }
    return examples;
  }

  @Test
  void everyWayInGivesTheSame() throws Exception {
    Path file = Files.write(folder.resolve("input"), TinyPlugins.bytes(DATA.load(4)));
    try (Predictor predictor = Predictor.open(bundle, REGISTRY)) {
      Prediction direct = predictor.predictExamples(examples(), 3).get(4);
      assertEquals(3, direct.top().size());
      assertEquals(1, direct.top().stream().mapToDouble(c -> c.probability()).sum(), 1e-6);
      for (Prediction other :
          List.of(
              predictor.predict("x", TinyPlugins.bytes(DATA.load(4)), 3),
              predictor.submit(DATA.load(4), 3).get(),
              predictor.predict(List.of(file), 3).get(0))) {
        assertEquals(direct.label(), other.label());
        assertEquals(direct.top().get(0).probability(), other.top().get(0).probability(), 1e-6);
      }
      assertEquals(1, predictor.predictExamples(examples(), 1).get(0).top().size());
      assertEquals(List.of(), predictor.predictExamples(List.of(), 1));
    }
  }

  @Test
  void embeddingsAreWhatTheHeadReads() throws IOException {
    try (Predictor predictor = Predictor.open(bundle, REGISTRY);
        OpenedModel opened = OpenedModel.open(bundle, REGISTRY, /* foldNorms= */ true);
        Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      float[][] embeddings = predictor.embeddings(examples());
      assertEquals(DATA.size(), embeddings.length);
      assertEquals(opened.model().featureCount(), embeddings[0].length);
      Tensor features =
          Tensor.stack(
              Arrays.stream(embeddings).map(row -> Tensor.of(row, row.length)).toList(), 0);
      int head = opened.model().groups().size() - 1;
      NamedTensors outputs =
          opened.model().forward(NamedTensors.of("features", features), head, head + 1);
      double[][] scores = predictor.scores(examples());
      double[][] ofFeatures = opened.task().scores(outputs);
      for (int i = 0; i < scores.length; i++) {
        assertArrayEquals(scores[i], ofFeatures[i], 1e-5);
      }
      assertEquals(0, predictor.embeddings(List.of()).length);
    }
  }

  @Test
  void refusesWhatItCannotRead() throws IOException {
    try (Predictor predictor = Predictor.open(bundle, REGISTRY)) {
      CorruptExampleException corrupt =
          assertThrows(
              CorruptExampleException.class, () -> predictor.predict("x.png", new byte[3], 1));
      assertEquals("x.png", corrupt.id());
      assertThrows(IllegalArgumentException.class, () -> predictor.predictExamples(examples(), 0));
    }
  }

  @Test
  void foldingChangesNothingButTheLastBits() throws IOException {
    PredictorOptions plain = PredictorOptions.defaults().withFoldNorms(false);
    try (Predictor folded = Predictor.open(bundle, REGISTRY);
        Predictor exact = Predictor.open(bundle, REGISTRY, plain)) {
      double[][] expected = exact.scores(examples());
      double[][] actual = folded.scores(examples());
      for (int i = 0; i < expected.length; i++) {
        assertArrayEquals(expected[i], actual[i], 1e-5);
      }
    }
  }

  @Test
  void leavesNoTensorBehind() throws Exception {
    try (Predictor predictor = Predictor.open(bundle, REGISTRY)) {
      NativeMemory.Usage before = NativeMemory.usage();
      assertEquals(21, predictor.predictExamples(examples(), 1).size());
      assertTrue(predictor.evaluate(DATA).metrics().get("accuracy") > 0.9);
      assertEquals("3/1", predictor.predict("3/1", TinyPlugins.bytes(DATA.load(1)), 1).id());
      assertThrows(IllegalArgumentException.class, () -> predictor.scores(List.of(broken())));
      assertEquals(before.tensors(), NativeMemory.usage().tensors());
      assertEquals(before.live(), NativeMemory.usage().live());
    }
  }

  private static Example broken() {
    return new Example("broken", java.util.Map.of());
  }

  /** 100 000 are run with {@code -Dgraft.test.predictions=100000}. */
  @Test
  void memoryStaysFlat() throws Exception {
    int total = Integer.getInteger("graft.test.predictions", 3000);
    byte[] input = TinyPlugins.bytes(DATA.load(0));
    PredictorOptions options = PredictorOptions.defaults().withBatch(8, Duration.ZERO);
    try (Predictor predictor = Predictor.open(bundle, REGISTRY, options)) {
      predictAll(predictor, input, total / 10);
      NativeMemory.Usage before = NativeMemory.usage();
      predictAll(predictor, input, total);
      NativeMemory.Usage after = NativeMemory.usage();
      assertEquals(before.tensors(), after.tensors());
      assertEquals(before.live(), after.live());
      System.getLogger("memory")
          .log(System.Logger.Level.INFO, "{0} predictions: {1} -> {2}", total, before, after);
      // A leak of one small tensor per call would be some hundred bytes each.
      assertTrue(after.resident() - before.resident() < 64 << 20, before + " -> " + after);
    }
  }

  /** Half through the queue from four threads, half on the calling thread. */
  private static void predictAll(Predictor predictor, byte[] input, int count) throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int caller = 0; caller < 4; caller++) {
        done.add(
            callers.submit(
                () -> {
                  for (int i = 0; i < count / 8; i++) {
                    assertEquals("x", predictor.predict("x", input, 1).id());
                  }
                  return null;
                }));
      }
      List<Example> one = List.of(DATA.load(0));
      for (int i = 0; i < count / 2; i++) {
        assertEquals(1, predictor.scores(one).length);
      }
      for (Future<?> each : done) {
        assertEquals(null, each.get());
      }
    } finally {
      callers.shutdownNow();
    }
  }

  @Test
  void callsInFlightAreAnsweredOrRefusedWhenItCloses() throws Exception {
    long live = Scope.liveTensors();
    ExecutorService callers = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 10; round++) {
        Predictor predictor = Predictor.open(bundle, REGISTRY);
        Set<Throwable> problems = ConcurrentHashMap.newKeySet();
        CountDownLatch answered = new CountDownLatch(20 + round);
        List<Future<?>> done = new ArrayList<>();
        for (int caller = 0; caller < 8; caller++) {
          boolean queued = caller % 2 == 0;
          done.add(callers.submit(() -> callUntilClosed(predictor, queued, answered, problems)));
        }
        answered.await();
        predictor.close();
        for (Future<?> each : done) {
          assertEquals(null, each.get());
        }
        assertEquals(Set.of(), problems);
        predictor.close();
      }
    } finally {
      callers.shutdownNow();
    }
    assertEquals(live, Scope.liveTensors());
  }

  private static void callUntilClosed(
      Predictor predictor, boolean queued, CountDownLatch answered, Set<Throwable> problems) {
    byte[] input = TinyPlugins.bytes(DATA.load(2));
    try {
      while (true) {
        Prediction prediction =
            queued
                ? predictor.predict("x", input, 1)
                : predictor.predictExamples(List.of(DATA.load(2)), 1).get(0);
        if (!prediction.label().equals("striped")) {
          problems.add(new AssertionError(prediction.toString()));
        }
        answered.countDown();
      }
    } catch (PredictorException e) {
      if (e.reason() != PredictorException.Reason.CLOSED) {
        problems.add(e);
      }
    } catch (IOException | RuntimeException e) {
      problems.add(e);
    }
  }

  @Test
  void aWaitThatIsInterruptedSaysSo() throws IOException {
    PredictorOptions patient = PredictorOptions.defaults().withBatch(2, Duration.ofDays(1));
    try (Predictor predictor = Predictor.open(bundle, REGISTRY, patient)) {
      Thread.currentThread().interrupt();
      PredictorException interrupted =
          assertThrows(
              PredictorException.class,
              () -> predictor.predict("x", TinyPlugins.bytes(DATA.load(0)), 1));
      assertEquals(PredictorException.Reason.INTERRUPTED, interrupted.reason());
      assertTrue(Thread.interrupted(), "the flag is kept");
    }
  }

  // ---- evaluation ----

  /** The test part with its classes in another order and one example that cannot be read. */
  private record Shuffled(List<String> classes) implements Dataset {

    @Override
    public int size() {
      return DATA.size();
    }

    @Override
    public String id(int index) {
      return DATA.id(index);
    }

    @Override
    public double target(int index) {
      return classes.indexOf(TinyJobs.CLASSES.get((int) DATA.target(index)));
    }

    @Override
    public Example load(int index) throws IOException {
      if (index == 5) {
        throw new CorruptExampleException(id(index), "torn", null);
      }
      return DATA.load(index);
    }
  }

  @Test
  void classesAreMatchedByNameAndUnreadableExamplesNamed() throws IOException {
    try (Predictor predictor = Predictor.open(bundle, REGISTRY)) {
      EvaluationResult straight = predictor.evaluate(DATA);
      EvaluationResult shuffled =
          predictor.evaluate(new Shuffled(List.of("striped", "dark", "bright")));
      assertEquals(List.of("3/5"), shuffled.skipped());
      assertEquals(20, shuffled.evaluation().indices().length);
      assertEquals(List.of(), straight.skipped());
      assertEquals(straight.metrics().get("accuracy"), shuffled.metrics().get("accuracy"), 0.05);
    }
  }

  @Test
  void otherClassesAreRefused() throws IOException {
    try (Predictor predictor = Predictor.open(bundle, REGISTRY)) {
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> predictor.evaluate(new Shuffled(List.of("dark", "bright", "spotted"))))
              .getMessage();
      assertTrue(message.contains("spotted") && message.contains("striped"), message);
    }
  }
}
