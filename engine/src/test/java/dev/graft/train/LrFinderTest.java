package dev.graft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.data.Split;
import dev.graft.plan.Choice;
import dev.graft.plan.Phase;
import dev.graft.plan.Regime;
import dev.graft.plan.Settings;
import dev.graft.plan.TermSpec;
import dev.graft.report.RangeTest;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LrFinderTest {

  private static final List<String> ALL = List.of("stem", "body", "head");
  private static final Phase TRAINED = TinyJobs.phase("all", ALL, "noise", 3);

  @TempDir private Path temp;

  @Test
  void theRateRisesUntilTheLossBlowsUp() {
    long live = Scope.liveTensors();
    RangeTest found = new LrFinder(TinyJobs.job(temp, TRAINED)).find("");
    assertEquals("all", found.phase());
    assertEquals(1e-7, found.points().get(0).rate(), 1e-15);
    assertEquals(1e-3, found.points().get(50).rate(), 1e-10);
    double first = found.points().get(0).loss();
    double least = found.curve().points().stream().mapToDouble(p -> p.loss()).min().orElseThrow();
    assertTrue(least < 0.9 * first, "nothing was learned: " + first + " to " + least);
    assertTrue(found.suggestion() > 1e-4 && found.suggestion() < 1, "" + found.suggestion());
    assertEquals(live, Scope.liveTensors());
  }

  @Test
  void everythingIsPutBackBitForBit() {
    TrainJob job = TinyJobs.job(temp.resolve("a"), TRAINED);
    try (Trainer trainer = new Trainer(job)) {
      Map<String, HostTensor> before = RunState.hostCopy(trainer.model().state());
      HostTensor random = RandomState.save();
      RangeTest found = new LrFinder(job).find(trainer.model(), "all");
      assertEquals(before, RunState.hostCopy(trainer.model().state()));
      assertEquals(random, RandomState.save());
      assertTrue(found.points().size() > 50);
    }
  }

  @Test
  void aRunAfterTheTestGivesTheBitsOfARunWithoutIt() {
    Map<String, HostTensor> plain;
    try (Trainer trainer = new Trainer(TinyJobs.job(temp.resolve("plain"), TRAINED))) {
      assertTrue(trainer.run().completed());
      plain = RunState.hostCopy(trainer.model().state());
    }
    TrainJob job = TinyJobs.job(temp.resolve("tested"), TRAINED);
    try (Trainer trainer = new Trainer(job)) {
      assertEquals("all", new LrFinder(job).find(trainer.model(), "").phase());
      assertTrue(trainer.run().completed());
      assertEquals(plain, RunState.hostCopy(trainer.model().state()));
    }
  }

  @Test
  void whatBlursTheLossIsOff() {
    Phase mixed = TRAINED.withRegime(Regime.PLAIN.withMixing(0.4, 1).withEma(0.9));
    RangeTest plain = new LrFinder(TinyJobs.job(temp, TRAINED)).find("");
    assertEquals(plain, new LrFinder(TinyJobs.job(temp, mixed)).find(""));
  }

  @Test
  void labelSmoothingCountsNothing() {
    TermSpec smoothing = new TermSpec("label-smoothing", Settings.NONE, 0.1, 5);
    TermSpec penalty = new TermSpec("l2-sp", Settings.NONE, 0.01, 0);
    Phase phase = TRAINED.withTerms(List.of(TermSpec.of("task"), smoothing, penalty));
    List<Double> weights =
        LrFinder.tested(phase).terms().stream().map(term -> term.weightAt(99)).toList();
    assertEquals(List.of(1.0, 0.0, 0.01), weights);
  }

  @Test
  void scheduleAndRateOfThePhaseDoNotMatter() {
    Phase other =
        TRAINED
            .withSchedule(Choice.of("one-cycle"))
            .withOptimizer(TRAINED.optimizer().with("lr", 3.0));
    RangeTest plain = new LrFinder(TinyJobs.job(temp, TRAINED)).find("");
    assertEquals(plain, new LrFinder(TinyJobs.job(temp, other)).find(""));
  }

  @Test
  void thePhasesBeforeAreCarriedOutAndTheTestPartIsNotTouched() {
    List<String> epochs = new ArrayList<>();
    Phase head = TinyJobs.phase("head", List.of("head"), "none", 6);
    TrainJob job = TinyJobs.job(temp, head, TRAINED);
    TrainListener listener =
        event -> {
          if (event instanceof TrainEvent.EpochEnded ended) {
            epochs.add(ended.epoch().phase());
          }
        };
    Split untouchable =
        new Split(job.data().training(), job.data().validation(), new Untouchable(9, 3));
    TrainJob guarded = job.withData(untouchable).withListener(listener);
    RangeTest after = new LrFinder(guarded).find("all");
    assertEquals("head", epochs.get(epochs.size() - 1));
    RangeTest fresh = new LrFinder(TinyJobs.job(temp.resolve("fresh"), TRAINED)).find("");
    assertTrue(after.points().get(0).loss() < 0.8 * fresh.points().get(0).loss());
  }

  /** A test part that must stay closed. */
  private record Untouchable(int size, long seed) implements Dataset {
    @Override
    public String id(int index) {
      return "test/" + index;
    }

    @Override
    public double target(int index) {
      return index % 3;
    }

    @Override
    public List<String> classes() {
      return TinyJobs.CLASSES;
    }

    @Override
    public Example load(int index) {
      throw new AssertionError("the test part was read");
    }
  }

  @Test
  void aPhaseWithoutALearningRateIsRefused() {
    Phase probe =
        TinyJobs.phase("probe", List.of("head"), "none", 1).withOptimizer(Choice.of("lbfgs"));
    LrFinder finder = new LrFinder(TinyJobs.job(temp, probe));
    for (String name : List.of("", "probe", "prob")) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> finder.find(name)).getMessage();
      assertTrue(message.contains("probe (solved exactly)"), message);
    }
  }
}
