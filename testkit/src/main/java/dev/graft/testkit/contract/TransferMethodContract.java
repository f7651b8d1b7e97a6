package dev.graft.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.bundle.Bundle;
import dev.graft.data.Example;
import dev.graft.infer.Predictor;
import dev.graft.infer.PredictorOptions;
import dev.graft.infer.SharedBase;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.spi.TransferMethod;
import dev.graft.spi.TransferMethod.Role;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Scope;
import dev.graft.testkit.tiny.TinyFineTune;
import dev.graft.testkit.tiny.TinyPenalty;
import dev.graft.testkit.tiny.TinyProbe;
import dev.graft.testkit.tiny.TinyTransfer;
import dev.graft.train.TrainJob;
import dev.graft.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a method of transfer learning promises. An author inherits it and says which method it is:
 *
 * <pre>
 * final class MyMethodTest extends TransferMethodContract {
 *   {@literal @}Override
 *   protected TransferMethod method() {
 *     return new MyMethod();
 *   }
 * }
 * </pre>
 *
 * An addition is tried on top of a strategy that trains everything; {@link #strategy} gives another
 * one. Phases are cut to four epochs, but where the loss is to fall.
 */
public abstract class TransferMethodContract extends PluginContract<TransferMethod> {

  private static final long SEED = 5;

  @TempDir Path temp;

  private final Registry registry = Registry.load(getClass().getClassLoader());
  private long liveBefore;

  /** The method, as the services file makes it. */
  protected abstract TransferMethod method();

  @Override
  final TransferMethod plugin() {
    return method();
  }

  /** Settings it is tried with; the defaults unless a test of its own needs others. */
  protected Settings settings() {
    return Settings.NONE;
  }

  /** What it is tried on. */
  protected TinyTransfer transfer() {
    return TinyTransfer.pictures();
  }

  /** For an addition: the strategy below it. */
  protected TransferMethod strategy() {
    return new TinyFineTune();
  }

  /** An addition that it is combined with. */
  protected TransferMethod companion() {
    return new TinyPenalty();
  }

  /**
   * Whether rows of several models over one base are computed in one batch: false for a method that
   * changes layers which consist of others.
   */
  protected boolean isSharedByRows() {
    return true;
  }

  /** Whether the training loss falls: false for a method that uses no labels. */
  protected boolean lossFalls() {
    return true;
  }

  private Plan plan() {
    return MethodRun.shortened(wholePlan());
  }

  private Plan wholePlan() {
    return wholePlan(methods(), allSettings());
  }

  private List<TransferMethod> methods() {
    return isStrategy() ? List.of(method()) : List.of(strategy(), method());
  }

  private List<Settings> allSettings() {
    return isStrategy() ? List.of(settings()) : List.of(Settings.NONE, settings());
  }

  private Plan plan(List<TransferMethod> methods, List<Settings> settings) {
    return MethodRun.shortened(wholePlan(methods, settings));
  }

  private Plan wholePlan(List<TransferMethod> methods, List<Settings> settings) {
    return transfer().plan(SEED, methods, settings);
  }

  private boolean isStrategy() {
    return method().role() == Role.STRATEGY;
  }

  private MethodRun run(Plan plan, String folder) {
    return MethodRun.of(transfer(), plan, temp.resolve(folder), registry);
  }

  @BeforeEach
  void countTensors() {
    liveBefore = Scope.liveTensors();
  }

  @AfterEach
  void everyTensorIsGivenBack() {
    assertEquals(liveBefore, Scope.liveTensors(), "tensors that nobody closed");
  }

  @Test
  void saysWhatItIs() {
    Abouts.check(TransferMethod.class, method(), registry);
    Set<String> keys = new HashSet<>();
    for (Setting setting : method().settings()) {
      assertTrue(keys.add(setting.key()), "two settings named " + setting.key());
      assertTrue(setting.key().matches("[a-z0-9_]+"), setting.key());
      assertFalse(setting.help().isBlank(), "help of " + setting.key());
    }
  }

  @Test
  void defaultsAreAllowed() {
    Settings defaults = Settings.NONE.checked(method().about().id(), method().settings());
    assertEquals(defaults, defaults.checked(method().about().id(), method().settings()));
  }

  @Test
  void wrongSettingsAreRefusedByName() {
    assertRefused("no_such_setting", 1);
    for (Setting setting : method().settings()) {
      if (setting.initial() instanceof Number || setting.choices().equals(List.of(Setting.AUTO))) {
        assertRefused(setting.key(), Math.nextUp(setting.max()));
        assertRefused(setting.key(), Math.nextDown(setting.min()));
        assertRefused(setting.key(), "many");
        assertRefused(setting.key(), Double.NaN);
      } else if (setting.initial() instanceof Boolean) {
        assertRefused(setting.key(), "perhaps");
      } else if (!setting.choices().isEmpty()) {
        assertRefused(setting.key(), "no-such-choice");
      }
    }
  }

  private void assertRefused(String key, Object value) {
    if (value instanceof Double number && Double.isInfinite(number)) {
      return;
    }
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    settings().with(key, value).checked(method().about().id(), method().settings()),
                () -> "%s=%s was accepted".formatted(key, value))
            .getMessage();
    assertTrue(message.contains(key), message);
  }

  @Test
  void theSameRequestGivesTheSamePlan() {
    assertEquals(plan(), plan());
    assertFalse(plan().phases().isEmpty(), "a plan without phases trains nothing");
  }

  @Test
  void aPlanGoesThroughJson() throws IOException {
    ObjectMapper json = new ObjectMapper();
    String written = json.writeValueAsString(plan());
    Plan read = json.readValue(written, Plan.class);
    assertEquals(plan(), read);
    assertEquals(written, json.writeValueAsString(read));
  }

  @Test
  void frozenIsFrozenAndTheRestMoves() {
    Plan plan = MethodRun.hardened(plan(), registry);
    // Without a validation part the last weights are kept, not those of the best epoch.
    TinyTransfer transfer = transfer().withoutValidation();
    MethodRun run = MethodRun.of(transfer, plan, temp.resolve("run"), registry);
    Movement movement = run.movement();
    assertFalse(movement.parameters().isEmpty() && movement.buffers().isEmpty(), "nothing moves");
    List<String> wrong = new ArrayList<>();
    run.before()
        .forEach(
            (name, before) -> {
              boolean moved = !before.equals(run.after().get(name));
              if (moved
                  && !movement.parameters().contains(name)
                  && !movement.buffers().contains(name)) {
                wrong.add(name + " is frozen and moved");
              } else if (!moved && movement.parameters().contains(name)) {
                wrong.add(name + " trains and did not move");
              }
            });
    assertEquals(List.of(), wrong);
    assertEquals(run.before().keySet(), run.after().keySet());
  }

  @Test
  void theSameSeedGivesTheSameBits() {
    MethodRun one = run(plan(), "one");
    MethodRun two = run(plan(), "two");
    assertEquals(one.losses(), two.losses());
    assertEquals(one.result().validation(), two.result().validation());
    assertEquals(one.after(), two.after());
  }

  @Test
  void theLossFallsAndOutputsChange() {
    TinyTransfer transfer = transfer().withoutValidation();
    MethodRun run = MethodRun.of(transfer, wholePlan(), temp.resolve("run"), registry);
    assertFalse(Arrays.equals(run.start().logits(), run.end().logits()), "nothing was learned");
    for (float logit : run.end().logits()) {
      assertTrue(Float.isFinite(logit), "outputs are finite");
    }
    assertTrue(
        !lossFalls() || run.end().loss() < run.start().loss(),
        () -> "loss %s before, %s after".formatted(run.start().loss(), run.end().loss()));
  }

  @Test
  void anAdditionMakesADifference() {
    if (isStrategy()) {
      // A strategy is compared with doing nothing, in another test.
      return;
    }
    MethodRun with = run(plan(), "with");
    MethodRun without = run(plan(List.of(strategy()), List.of(Settings.NONE)), "without");
    assertNotEquals(without.after(), with.after(), "the strategy alone gives the same bits");
  }

  @Test
  void aStoppedRunGoesOnWithTheSameBits() {
    MethodRun whole = run(plan(), "whole");
    TrainJob job = transfer().job(plan(), temp.resolve("parts"), registry);
    int stops = 0;
    MethodRun part;
    do {
      part = MethodRun.of(transfer(), MethodRun.stoppedAfter(job, 5));
      assertTrue(++stops < 1000, "the run does not come to an end");
    } while (!part.result().completed());
    assertEquals(whole.after(), part.after());
    assertEquals(whole.losses(), part.losses());
  }

  @Test
  void aBundleSpeaksAsTheModelDid() throws IOException {
    TinyTransfer transfer = transfer();
    Plan plan = plan();
    List<Example> examples = examples(transfer);
    try (Trainer trainer = new Trainer(transfer.job(plan, temp.resolve("run"), registry))) {
      assertTrue(trainer.run().completed());
      Bundle written = transfer.bundle(temp.resolve("bundle"), plan, trainer.model());
      // Folding rounds anew; without it the bits are the model's.
      PredictorOptions exact = PredictorOptions.defaults().withFoldNorms(false);
      try (Predictor predictor = Predictor.open(Bundle.open(written.folder()), registry, exact)) {
        assertEquals(plan, predictor.manifest().plan());
        double[][] scores = MethodRun.scores(trainer.model(), transfer, examples);
        assertArrayEquals(scores, predictor.scores(examples));
      }
    }
  }

  private static List<Example> examples(TinyTransfer transfer) throws IOException {
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < transfer.data().test().size(); i++) {
      examples.add(transfer.data().test().load(i));
    }
    return examples;
  }

  @Test
  void modelsThatShareTheirBaseAnswerAsAlone() throws Exception {
    TinyTransfer transfer = transfer();
    List<Example> examples = examples(transfer);
    PredictorOptions together =
        PredictorOptions.defaults()
            .withFoldNorms(false)
            // Waits for a full batch for longer than the answers are waited for below.
            .withBatch((isSharedByRows() ? 3 : 1) * examples.size(), Duration.ofHours(1));
    List<double[][]> alone = new ArrayList<>();
    List<Bundle> cut = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Plan plan = MethodRun.shortened(transfer.plan(SEED + i, methods(), allSettings()));
      try (Trainer trainer = new Trainer(transfer.job(plan, temp.resolve("run" + i), registry))) {
        assertTrue(trainer.run().completed());
        cut.add(transfer.changes(temp.resolve("changes" + i), plan, trainer.model()));
        alone.add(MethodRun.scores(trainer.model(), transfer, examples));
      }
    }
    List<Predictor> predictors = new ArrayList<>();
    List<CompletableFuture<double[]>> answers = new ArrayList<>();
    try (SharedBase shared =
        new SharedBase(TinyTransfer.BASE, transfer.base().pretrained(), registry, together)) {
      for (Bundle bundle : cut) {
        predictors.add(shared.open(Bundle.open(bundle.folder())));
      }
      for (Example example : examples) {
        predictors.forEach(predictor -> answers.add(predictor.submit(example)));
      }
      for (int i = 0; i < answers.size(); i++) {
        double[] expected = alone.get(i % 3)[i / 3];
        assertArrayEquals(expected, answers.get(i).get(1, TimeUnit.MINUTES), 1e-5);
      }
      assertEquals(1, predictors.get(0).batches(), "models that were not computed together");
    } finally {
      predictors.forEach(Predictor::close);
    }
  }

  @Test
  void composesWithAnotherKindOrSaysWhyNot() {
    TransferMethod other = companion();
    List<TransferMethod> methods =
        isStrategy() ? List.of(method(), other) : List.of(strategy(), other, method());
    List<Settings> settings =
        isStrategy()
            ? List.of(settings(), Settings.NONE)
            : List.of(Settings.NONE, Settings.NONE, settings());
    assertComposes(methods, settings, other);
  }

  /** What a head that is solved at once would ignore must not be asked for. */
  @Test
  void composesWithASolvedHeadOrSaysWhyNot() {
    if (isStrategy()) {
      // What it makes itself is tried by every other test.
      return;
    }
    TransferMethod solver = new TinyProbe();
    assertComposes(List.of(solver, method()), List.of(Settings.NONE, settings()), solver);
  }

  private void assertComposes(
      List<TransferMethod> methods, List<Settings> settings, TransferMethod other) {
    try {
      Plan plan = plan(methods, settings);
      for (Phase phase : plan.phases()) {
        assertEquals("", phase.ignored(), "asked for and ignored by phase " + phase.name());
      }
      MethodRun run = run(plan, "composed");
      Map<String, HostTensor> after = run.after();
      assertTrue(run.result().completed());
      assertFalse(after.isEmpty());
    } catch (IllegalArgumentException e) {
      assertTrue(
          e.getMessage().contains(method().about().id())
              && e.getMessage().contains(other.about().id()),
          "a refusal names both methods: " + e.getMessage());
    }
  }
}
