package dev.graft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.data.Dataset;
import dev.graft.data.Split;
import dev.graft.plan.Choice;
import dev.graft.plan.Phase;
import dev.graft.plan.Regime;
import dev.graft.report.EpochRecord;
import dev.graft.report.TrainResult;
import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.NativeMemory;
import dev.graft.tensor.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {

  private static final List<String> ALL = List.of("stem", "body", "head");

  @TempDir private Path temp;

  private static Map<String, HostTensor> state(Trainer trainer) {
    return RunState.hostCopy(trainer.model().state());
  }

  private static List<Double> losses(TrainResult result) {
    return result.history().stream().map(EpochRecord::trainingLoss).toList();
  }

  private static TrainJob stoppingAfter(TrainJob job, int questions) {
    AtomicInteger count = new AtomicInteger();
    return job.withStop(() -> count.incrementAndGet() >= questions);
  }

  @Test
  void whereMemoryRunsOutTheBatchIsComputedInParts() {
    TrainJob job = TinyJobs.job(temp, TinyJobs.phase("all", ALL, "noise", 1));
    List<String> notes = new ArrayList<>();
    TrainListener tight =
        event -> {
          if (event instanceof TrainEvent.EpochEnded && notes.isEmpty()) {
            NativeMemory.setLimit(NativeMemory.usage().live() + 9_000);
          } else if (event instanceof TrainEvent.Note note) {
            NativeMemory.setLimit(Long.MAX_VALUE);
            notes.add(note.text());
          }
        };
    try (Trainer trainer = new Trainer(job.withListener(tight))) {
      assertTrue(trainer.run().completed());
    } finally {
      NativeMemory.setLimit(Long.MAX_VALUE);
    }
    assertTrue(
        notes.get(0).contains("out of memory: the batch is computed in 2 parts"), notes.get(0));
  }

  @Test
  void learnsTheTaskAndGivesEverythingBack() {
    long before = Scope.liveTensors();
    TrainJob job = TinyJobs.job(temp, TinyJobs.phase("all", ALL, "noise", 8));
    try (Trainer trainer = new Trainer(job)) {
      TrainResult result = trainer.run();
      assertTrue(result.completed());
      assertTrue(result.test().get("accuracy") > 0.9, result.test().toString());
      assertEquals(result.parameters(), result.trainable());
    }
    assertEquals(before, Scope.liveTensors());
  }

  @Test
  void aRandomHeadThatIsRightByChanceIsNotKept() {
    TrainJob job = TinyJobs.job(temp, TinyJobs.phase("all", ALL, "none", 4));
    Split data = job.data();
    int lucky = 0;
    for (int i = 0; i < data.validation().size(); i++) {
      Split one = new Split(data.training(), same(data.validation(), i, 6), data.test());
      try (Trainer trainer =
          new Trainer(
              TinyJobs.job(temp.resolve("run" + i), job.plan().phases().get(0)).withData(one))) {
        TrainResult result = trainer.run();
        List<Double> accuracies = accuracies(result);
        if (accuracies.get(0) == 1) {
          lucky++;
          int best = accuracies.subList(1, 5).lastIndexOf(1.0);
          assertEquals(best < 0 ? 4 : best + 1, result.kept());
        }
      }
    }
    assertTrue(lucky > 2, lucky + " examples that a random head knows");
  }

  @Test
  void theLastEpochsThatAreFiveExamplesBehindAreKeptAndNotThoseThatAreSixBehind() {
    TrainJob job = TinyJobs.job(temp, TinyJobs.phase("all", ALL, "none", 6));
    Split data = job.data();
    int luckless = 0;
    for (int times : new int[] {5, 6}) {
      for (int i = 0; i < 8; i++) {
        Split split = new Split(data.training(), same(data.validation(), i, times), data.test());
        try (Trainer trainer =
            new Trainer(
                TinyJobs.job(temp.resolve(times + "of" + i), job.plan().phases().get(0))
                    .withData(split))) {
          TrainResult result = trainer.run();
          List<Double> accuracies = accuracies(result);
          assertEquals(result.history().get(result.kept()).validation(), result.validation());
          boolean wrongAtLast =
              accuracies.get(6) == 0 && Collections.max(accuracies.subList(1, 7)) == 1;
          if (times == 5 || !wrongAtLast) {
            assertEquals(6, result.kept());
          } else {
            assertEquals(accuracies.lastIndexOf(1.0), result.kept());
          }
          luckless += wrongAtLast ? 1 : 0;
        }
      }
    }
    assertTrue(luckless > 2, luckless + " runs forgot an example");
  }

  /** One example so many times: the accuracy of an epoch is 0 or 1. */
  private static Dataset same(Dataset data, int index, int times) {
    int[] same = new int[times];
    Arrays.fill(same, index);
    return data.subset(same);
  }

  private static List<Double> accuracies(TrainResult result) {
    return result.history().stream().map(epoch -> epoch.validation().get("accuracy")).toList();
  }

  @Test
  void frozenGroupsKeepEveryBit() {
    TrainJob job = TinyJobs.job(temp, TinyJobs.phase("top", List.of("body", "head"), "none", 3));
    try (Trainer trainer = new Trainer(job)) {
      Map<String, HostTensor> before = state(trainer);
      assertTrue(trainer.run().completed());
      Map<String, HostTensor> after = state(trainer);
      for (String name : before.keySet()) {
        if (name.startsWith("conv1") || name.startsWith("bn1")) {
          assertEquals(before.get(name), after.get(name), name);
        } else {
          assertNotEquals(before.get(name), after.get(name), name);
        }
      }
    }
  }

  @Test
  void cachedFeaturesGiveTheSameCurve() {
    Phase phase = TinyJobs.phase("head", List.of("head"), "none", 4);
    TrainJob cached = TinyJobs.job(temp.resolve("a"), phase);
    TrainJob plain =
        TinyJobs.job(temp.resolve("b"), phase)
            .withOptions(TrainOptions.defaults().withCacheFeatures(false));
    try (Trainer a = new Trainer(cached);
        Trainer b = new Trainer(plain)) {
      assertEquals(losses(a.run()), losses(b.run()));
      assertEquals(state(a), state(b));
    }
    assertTrue(Files.exists(temp.resolve("a/features")));
    assertFalse(Files.exists(temp.resolve("b/features")));
  }

  @Test
  void aStoppedRunGoesOnWithTheSameBits() {
    Phase first = TinyJobs.phase("head", List.of("head"), "none", 2);
    Phase second =
        TinyJobs.phase("all", ALL, "noise", 3)
            .withRegime(Regime.PLAIN.withEma(0.9).withClipNorm(1).withMixing(0.2, 1));
    Map<String, HostTensor> whole;
    List<Double> curve;
    try (Trainer trainer = new Trainer(TinyJobs.job(temp.resolve("whole"), first, second))) {
      curve = losses(trainer.run());
      whole = state(trainer);
    }
    Path folder = temp.resolve("parts");
    TrainResult result = null;
    for (int stop : new int[] {3, 7, 5, 1, 6, 1000}) {
      TrainJob job = TinyJobs.job(folder, first, second);
      try (Trainer trainer = new Trainer(stoppingAfter(job, stop))) {
        result = trainer.run();
        if (result.completed()) {
          assertEquals(whole, state(trainer));
        }
      }
    }
    assertTrue(result.completed());
    assertEquals(curve, losses(result));
  }

  @Test
  void theForwardPassComputesInBfloat16WhereAsked() {
    Phase plain = TinyJobs.phase("all", ALL, "none", 4);
    Phase still = plain.withOptimizer(Choice.of("sgd").with("lr", 0.0));
    Regime half = Regime.PLAIN.withBf16(true);
    List<Double> exact = lossesOf("exact", still);
    List<Double> rounded = lossesOf("rounded", still.withRegime(half));
    assertNotEquals(exact, rounded);
    assertEquals(exact.get(1), rounded.get(1), 0.02 * exact.get(1));
    List<Double> learned = lossesOf("learned", plain.withRegime(half));
    assertTrue(learned.get(4) < 0.8 * learned.get(1), learned::toString);
  }

  private List<Double> lossesOf(String folder, Phase phase) {
    try (Trainer trainer = new Trainer(TinyJobs.job(temp.resolve(folder), phase))) {
      List<Double> losses = losses(trainer.run());
      trainer
          .model()
          .parameters()
          .values()
          .forEach(parameter -> assertEquals(DType.FLOAT32, parameter.tensor().dtype()));
      return losses;
    }
  }

  /** Among them: after the last batch of an epoch, and of the whole phase. */
  @Test
  void aRunStoppedAfterEveryUpdateRecordsEveryEpoch() {
    Phase phase = TinyJobs.phase("all", ALL, "noise", 3);
    List<Double> curve;
    try (Trainer trainer = new Trainer(TinyJobs.job(temp.resolve("whole"), phase))) {
      curve = losses(trainer.run());
    }
    TrainResult result;
    do {
      TrainJob job = TinyJobs.job(temp.resolve("parts"), phase);
      try (Trainer trainer = new Trainer(stoppingAfter(job, 1))) {
        result = trainer.run();
      }
    } while (!result.completed());
    assertEquals(curve, losses(result));
  }

  @Test
  void aRunStoppedWhileFeaturesAreComputedGoesOnWithTheSameBits() {
    Phase head = TinyJobs.phase("head", List.of("head"), "none", 2);
    Map<String, HostTensor> whole;
    try (Trainer trainer = new Trainer(TinyJobs.job(temp.resolve("whole"), head))) {
      assertTrue(trainer.run().completed());
      whole = state(trainer);
    }
    TrainJob job = TinyJobs.job(temp.resolve("parts"), head);
    List<TrainEvent> events = new ArrayList<>();
    try (Trainer trainer = new Trainer(stoppingAfter(job, 1).withListener(events::add))) {
      assertFalse(trainer.run().completed());
    }
    assertTrue(events.stream().noneMatch(event -> event instanceof TrainEvent.FeaturesCached));
    try (Trainer trainer = new Trainer(job)) {
      assertTrue(trainer.run().completed());
      assertEquals(whole, state(trainer));
    }
  }

  @Test
  void accumulationEqualsTheLargeBatch() {
    Phase head = TinyJobs.phase("head", List.of("head"), "none", 2);
    // The head has dropout, whose draws depend on the shape: switch it off by training "body" only.
    Phase body = TinyJobs.phase("body", List.of("body"), "none", 2);
    Map<String, HostTensor> large;
    try (Trainer trainer = new Trainer(TinyJobs.job(temp.resolve("a"), evaluating(body)))) {
      assertTrue(trainer.run().completed());
      large = state(trainer);
    }
    Phase split = evaluating(body).withRegime(Regime.PLAIN.withAccumulate(3));
    try (Trainer trainer = new Trainer(TinyJobs.job(temp.resolve("b"), split))) {
      assertTrue(trainer.run().completed());
      Map<String, HostTensor> parts = state(trainer);
      float[] a = large.get("conv2.weight").toFloats();
      float[] b = parts.get("conv2.weight").toFloats();
      for (int i = 0; i < a.length; i++) {
        assertEquals(a[i], b[i], 1e-5);
      }
    }
    assertEquals("head", head.name());
  }

  /** Only the convolution trains, so that the normalisation keeps its statistics. */
  private static Phase evaluating(Phase phase) {
    return phase.withSelectors(
        List.of(
            new dev.graft.plan.Selector(
                List.of("body"), "conv2\\.weight", List.of(), 1, Double.NaN)));
  }

  @Test
  void eventsTellTheRun() {
    List<TrainEvent> events = new ArrayList<>();
    TrainJob job = TinyJobs.job(temp, TinyJobs.phase("head", List.of("head"), "none", 2));
    TrainJob heard = job.withListener(events::add);
    try (Trainer trainer = new Trainer(heard)) {
      assertTrue(trainer.run().completed());
    }
    Map<String, Integer> counts = new LinkedHashMap<>();
    events.forEach(event -> counts.merge(event.getClass().getSimpleName(), 1, Integer::sum));
    assertEquals(2, counts.get("FeaturesCached"));
    assertEquals(3, counts.get("EpochEnded"));
    assertEquals(1, counts.get("RunStarted"));
    assertEquals(1, counts.get("PhaseStarted"));
    assertEquals(1, counts.get("RunEnded"));
    List<TrainEvent.Progress> progress =
        events.stream()
            .filter(event -> event instanceof TrainEvent.Progress)
            .map(event -> (TrainEvent.Progress) event)
            .toList();
    assertTrue(progress.stream().anyMatch(p -> p.phase().equals("features of training")));
    TrainEvent.Progress last = progress.get(progress.size() - 1);
    assertEquals(12, last.update());
    assertEquals(12, last.of());
  }
}
