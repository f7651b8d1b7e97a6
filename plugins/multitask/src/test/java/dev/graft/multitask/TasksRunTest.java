package dev.graft.multitask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.bundle.Bundle;
import dev.graft.bundle.BundleException;
import dev.graft.infer.Prediction;
import dev.graft.infer.Predictor;
import dev.graft.infer.PredictorOptions;
import dev.graft.infer.SharedBase;
import dev.graft.model.Model;
import dev.graft.plan.Plan;
import dev.graft.plan.Settings;
import dev.graft.plan.TermSpec;
import dev.graft.registry.Registry;
import dev.graft.report.TrainResult;
import dev.graft.spi.About;
import dev.graft.spi.BoundTerm;
import dev.graft.spi.Run;
import dev.graft.spi.Term;
import dev.graft.spi.TransferMethod;
import dev.graft.task.Task;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Scope;
import dev.graft.testkit.tiny.TinyFineTune;
import dev.graft.testkit.tiny.TinyTransfer;
import dev.graft.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs of three tasks on a tiny network. */
class TasksRunTest {

  @TempDir private Path temp;

  private final Registry registry = Registry.load(getClass().getClassLoader());
  private final TinyTransfer transfer = TwoMore.pictures();

  private Plan plan(TransferMethod method) {
    return transfer.plan(
        5, List.of(new TinyFineTune(), method), List.of(Settings.of("epochs", 8), Settings.NONE));
  }

  private static Map<String, HostTensor> weights(Model model) {
    Map<String, HostTensor> weights = new LinkedHashMap<>();
    try (Scope scope = Scope.open()) {
      model.state().forEach((name, tensor) -> weights.put(name, tensor.toHost()));
    }
    return weights;
  }

  @Test
  void everyTaskIsLearnedAndReported() {
    try (Trainer trainer = new Trainer(transfer.job(plan(new Pcgrad()), temp, registry))) {
      TrainResult result = trainer.run();
      Map<String, Double> test = result.test();
      assertTrue(test.get("accuracy") > 0.6, test.toString());
      assertTrue(test.get("coarse/accuracy") > 0.7, test.toString());
      assertTrue(test.get("others/accuracy") > 0.6, test.toString());
      double mean =
          (test.get("accuracy") + test.get("coarse/accuracy") + test.get("others/accuracy")) / 3;
      assertEquals(mean, test.get("mean/accuracy"), 1e-12);
      assertEquals("mean/accuracy", test.keySet().iterator().next());
      assertEquals(Set.of("main", "coarse", "others"), trainer.testEvaluations().keySet());
      // The weights that are kept are the last whose mean is at most five examples below the best.
      List<Double> means =
          result.history().stream().map(epoch -> epoch.validation().get("mean/accuracy")).toList();
      int smallest =
          Stream.of("validation", "coarse.validation", "others.validation")
              .mapToInt(name -> transfer.data().named(name).size())
              .min()
              .orElseThrow();
      double least = Collections.max(means) - 5.5 / smallest;
      int last = means.size() - 1;
      while (means.get(last) < least) {
        last--;
      }
      assertEquals(last, result.kept());
      assertEquals(means.get(last), result.validation().get("mean/accuracy"));
    }
  }

  @Test
  void aBundleKeepsAllHeadsAndAnswersForTheTaskThatIsAskedFor() throws IOException {
    Plan plan = plan(new Uncertainty());
    try (Trainer trainer = new Trainer(transfer.job(plan, temp.resolve("run"), registry))) {
      assertTrue(trainer.run().completed());
      Bundle bundle = transfer.bundle(temp.resolve("bundle"), plan, trainer.model());
      Set<String> heads = new TreeSet<>();
      for (String name : weights(trainer.model()).keySet()) {
        assertFalse(name.contains("variance"), name);
        if (name.startsWith("fc.")) {
          heads.add(name);
        }
      }
      assertEquals(
          Set.of(
              "fc.main.weight",
              "fc.main.bias",
              "fc.coarse.weight",
              "fc.coarse.bias",
              "fc.others.weight",
              "fc.others.bias"),
          heads);
      assertEquals(Set.of("left", "top", "striped"), labels(bundle, ""));
      assertEquals(Set.of("left", "top", "striped"), labels(bundle, Task.MAIN));
      assertEquals(Set.of("half", "whole"), labels(bundle, "coarse"));
      assertEquals(Set.of("half", "whole"), labelsOverBase(plan, trainer.model(), "coarse"));
      long before = Scope.liveTensors();
      String message =
          assertThrows(IllegalArgumentException.class, () -> labels(bundle, "colour")).getMessage();
      assertTrue(message.contains("'colour'") && message.contains("coarse"), message);
      assertThrows(BundleException.class, () -> labelsOverBase(plan, trainer.model(), "colour"));
      assertEquals(before, Scope.liveTensors());
    }
  }

  /** What a model that shares its base, and its batches with others, answers. */
  private Set<String> labelsOverBase(Plan plan, Model model, String task) throws IOException {
    Path folder = temp.resolve("changes-" + task);
    Bundle changes = transfer.changes(folder, plan, model);
    try (SharedBase shared =
            new SharedBase(
                TinyTransfer.BASE,
                transfer.base().pretrained(),
                registry,
                PredictorOptions.defaults().withFoldNorms(false).withTask(task));
        Predictor predictor = shared.open(changes)) {
      return labels(predictor);
    }
  }

  private Set<String> labels(Bundle bundle, String task) throws IOException {
    PredictorOptions options = PredictorOptions.defaults().withTask(task);
    try (Predictor predictor = Predictor.open(Bundle.open(bundle.folder()), registry, options)) {
      return labels(predictor);
    }
  }

  private Set<String> labels(Predictor predictor) throws IOException {
    Prediction prediction = predictor.submit(transfer.data().test().load(0), 9).join();
    double sum = prediction.top().stream().mapToDouble(Prediction.Candidate::probability).sum();
    assertEquals(1, sum, 1e-5);
    Set<String> labels = new TreeSet<>();
    prediction.top().forEach(candidate -> labels.add(candidate.label()));
    return labels;
  }

  @Test
  void dwaIsEqualForTwoEpochsAndThenIsNot() {
    Map<String, HostTensor> dwa = afterEpochs(new Dwa(), 2);
    Map<String, HostTensor> equal = afterEpochs(new Equal(), 2);
    assertEquals(equal, dwa);
    assertFalse(afterEpochs(new Equal(), 3).equals(afterEpochs(new Dwa(), 3)));
  }

  @Test
  void theVariancesOfUncertaintyMove() {
    // With variances of 1 it would be the sum of the losses.
    assertFalse(afterEpochs(new Equal(), 1).equals(afterEpochs(new Uncertainty(), 1)));
  }

  private Map<String, HostTensor> afterEpochs(TransferMethod method, int epochs) {
    TinyTransfer last = transfer.withoutValidation();
    Plan plan =
        last.plan(
            5,
            List.of(new TinyFineTune(), method),
            List.of(Settings.of("epochs", epochs), Settings.NONE));
    Path folder = temp.resolve(method.about().id() + epochs);
    try (Trainer trainer = new Trainer(last.job(plan, folder, registry))) {
      assertTrue(trainer.run().completed());
      return weights(trainer.model());
    }
  }

  /** A term of another kind that notes which logits it is given. */
  public static final class Watcher implements Term {

    static final Set<List<Long>> SEEN = new HashSet<>();

    @Override
    public About about() {
      return new About("columns-watcher", "notes how many logits it is given", "a test");
    }

    @Override
    public BoundTerm bind(TermSpec spec, Run run) {
      return step -> {
        SEEN.add(step.batches().stream().map(p -> p.outputs().get("logits").size(1)).toList());
        return step.first().outputs().get("logits").mean();
      };
    }
  }

  @Test
  void otherTermsSeeTheLogitsOfTheTaskThatAStreamIsFor() {
    Watcher.SEEN.clear();
    Plan plan =
        plan(new Cagrad()).mapPhases(phase -> phase.plusTerm(TermSpec.of("columns-watcher")));
    try (Trainer trainer = new Trainer(transfer.job(plan, temp, registry))) {
      assertTrue(trainer.run().completed());
    }
    assertEquals(Set.of(List.of(3L, 3L)), Watcher.SEEN);
  }
}
