package dev.graft.freezing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.layers.Dropout;
import dev.graft.model.Model;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Selection;
import dev.graft.plan.Selection.Selected;
import dev.graft.registry.Registry;
import dev.graft.spi.Subject;
import dev.graft.testkit.tiny.TinyTransfer;
import dev.graft.train.Planner;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What each method makes of the tiny network: groups stem, body, neck, head. */
class PlansTest {

  private static final TinyTransfer PICTURES = TinyTransfer.pictures();

  private Model model;
  private Model rows;

  @BeforeEach
  void build() {
    model = PICTURES.base().pretrained();
    rows = TinyTransfer.rows().base().pretrained();
  }

  @AfterEach
  void close() {
    model.close();
    rows.close();
  }

  private Plan plan(String methods, int examples, boolean folded) {
    return plan(methods, new Subject(model, folded, PICTURES.task(), examples, "crop-flip"));
  }

  private static Plan plan(String methods, Subject subject) {
    Registry registry = Registry.load(PlansTest.class.getClassLoader());
    return Planner.plan(Planner.parse(methods), 3, subject, registry);
  }

  private Plan plan(String methods) {
    return plan(methods, 320, false);
  }

  private static String refusal(Runnable plan) {
    return assertThrows(IllegalArgumentException.class, plan::run).getMessage();
  }

  /** Rate of each parameter that trains. */
  private Map<String, Double> rates(Phase phase) {
    Map<String, Double> rates = new LinkedHashMap<>();
    for (Selected each : Selection.of(phase, model).trained()) {
      rates.put(each.parameter().name(), each.rate());
    }
    return rates;
  }

  /** Rate of each group, which must be the same for all its parameters. */
  private Map<String, Double> groupRates(Phase phase) {
    Map<String, Double> rates = new TreeMap<>();
    for (Selected each : Selection.of(phase, model).trained()) {
      Double other = rates.put(each.parameter().group(), each.rate());
      assertTrue(other == null || other == each.rate(), each.parameter().name());
    }
    return rates;
  }

  private static double learningRate(Phase phase) {
    return phase.optimizer().settings().number("lr");
  }

  @Test
  void theProbeTrainsTheHeadOnFixedFeatures() {
    Phase exact = plan("linear-probe").phases().get(0);
    assertEquals(Set.of("fc.weight", "fc.bias"), rates(exact).keySet());
    assertEquals("lbfgs", exact.optimizer().id());
    assertEquals("none", exact.streams().get(0).augmentation());
    Phase gradient = plan("linear-probe:solver=gradient").phases().get(0);
    assertEquals(rates(exact), rates(gradient));
    assertEquals("adam", gradient.optimizer().id());
    assertEquals("none", gradient.streams().get(0).augmentation());
    assertEquals(90, gradient.length().epochs());
  }

  @Test
  void withAdamNarrowNetworksFineTuneAtHigherRatesAndUnfreezingTakesMoreUpdates() {
    Subject narrow = new Subject(rows, false, TinyTransfer.rows().task(), 320, "none");
    Plan tuned = plan("fine-tune", narrow);
    assertEquals("adamw", tuned.phases().get(0).optimizer().id());
    assertTrue(model.featureCount() < 77 && rows.featureCount() < 77, "0.1 * 768 / width >= 1");
    assertEquals(Set.of(1.0), Set.copyOf(factors(tuned.phases().get(0), rows)));
    assertEquals(Set.of(0.1, 1.0), Set.copyOf(factors(plan("fine-tune").phases().get(0), model)));
    // Ten batches a pass: 60 passes in four parts for three steps, 15 in five parts for four.
    assertEquals(15, plan("gradual-unfreeze", narrow).phases().get(0).length().epochs());
    assertEquals(3, plan("gradual-unfreeze").phases().get(0).length().epochs());
    assertEquals(0.01, rate(plan("gradual-unfreeze", narrow)));
    assertEquals(0.02, rate(plan("gradual-unfreeze:lr=0.02", narrow)));
    assertEquals(0.001, rate(plan("layer-decay", narrow)));
  }

  private static double rate(Plan plan) {
    return plan.phases().get(0).optimizer().settings().number("lr");
  }

  private static List<Double> factors(Phase phase, Model of) {
    return Selection.of(phase, of).trained().stream().map(Selected::rate).distinct().toList();
  }

  @Test
  void fineTuningTrainsTheBackboneAtATenthOfTheRate() {
    Phase phase = plan("fine-tune").phases().get(0);
    assertEquals(Map.of("stem", 0.1, "body", 0.1, "neck", 0.1, "head", 1.0), groupRates(phase));
    assertEquals("crop-flip", phase.streams().get(0).augmentation());
    assertEquals(model.parameters().keySet(), rates(phase).keySet());
    Phase upper = plan("fine-tune:from=neck,backbone=0.5").phases().get(0);
    assertEquals(Map.of("neck", 0.5, "head", 1.0), groupRates(upper));
    assertTrue(refusal(() -> plan("fine-tune:from=layer9")).contains("[stem, body, neck, head]"));
  }

  @Test
  void biasesAndNormsHaveNoWeightDecay() {
    Phase phase = plan("fine-tune").phases().get(0);
    for (Selected each : Selection.of(phase, model).trained()) {
      boolean spared = each.parameter().tensor().dim() == 1;
      assertEquals(spared ? 0.0 : Double.NaN, each.weightDecay(), each.parameter().name());
    }
  }

  @Test
  void lpFtSolvesTheHeadAndThenTrainsAllAtATenthOfTheUsualRate() {
    Plan plan = plan("lp-ft");
    assertEquals(List.of("probe", "fine-tune"), names(plan));
    assertEquals(Set.of("fc.weight", "fc.bias"), rates(plan.phases().get(0)).keySet());
    assertFalse(plan.phases().get(0).optimizer().settings().flag("refit"));
    Phase second = plan.phases().get(1);
    assertEquals(Set.of(1.0), Set.copyOf(groupRates(second).values()));
    assertEquals(0.001, learningRate(second), 1e-12);
  }

  private static List<String> names(Plan plan) {
    return plan.phases().stream().map(Phase::name).toList();
  }

  @Test
  void gradualUnfreezingGoesDownFromTheHeadWithFallingRates() {
    List<Phase> phases = plan("gradual-unfreeze").phases();
    assertEquals(4, phases.size());
    assertEquals(Map.of("head", 1.0), groupRates(phases.get(0)));
    assertEquals(Set.of("neck", "head"), groupRates(phases.get(1)).keySet());
    Map<String, Double> last = groupRates(phases.get(3));
    assertEquals(1, last.get("head"));
    assertEquals(1 / 2.6, last.get("neck"), 1e-12);
    assertEquals(Math.pow(2.6, -3), last.get("stem"), 1e-12);
    for (int i = 1; i < phases.size(); i++) {
      assertEquals(learningRate(phases.get(i - 1)) / 2, learningRate(phases.get(i)), 1e-12);
    }
    assertEquals(2 * phases.get(0).length().epochs(), phases.get(3).length().epochs());
    List<Phase> two = plan("gradual-unfreeze:steps=2").phases();
    assertEquals(2, two.size());
    assertEquals(model.parameters().keySet(), rates(two.get(1)).keySet());
    assertEquals(4, plan("gradual-unfreeze:steps=50").phases().size());
  }

  @Test
  void stepsOfUnfreezingCoverAnyNumberOfGroups() {
    for (int groups = 2; groups < 40; groups++) {
      for (int steps = 2; steps <= groups; steps++) {
        int[] first = GradualUnfreeze.first(groups, steps);
        assertEquals(groups - 1, first[0]);
        assertEquals(0, first[steps - 1]);
        for (int i = 1; i < steps; i++) {
          assertTrue(first[i] < first[i - 1], "%d groups, %d steps".formatted(groups, steps));
        }
      }
    }
  }

  @Test
  void layerDecayFallsByOneFactorFromLayerToLayer() {
    Map<String, Double> rates = groupRates(plan("layer-decay:decay=0.5").phases().get(0));
    assertEquals(Map.of("stem", 0.125, "body", 0.25, "neck", 0.5, "head", 1.0), rates);
    assertEquals(0.65, groupRates(plan("layer-decay").phases().get(0)).get("neck"), 1e-12);
  }

  @Test
  void normAdaptationLeavesConvolutionsAlone() {
    Phase both = plan("bn-adapt").phases().get(0);
    Set<String> affine = Set.of("bn1.weight", "bn1.bias", "bn2.weight", "bn2.bias");
    Set<String> all =
        Stream.concat(affine.stream(), Stream.of("fc.weight", "fc.bias"))
            .collect(Collectors.toSet());
    assertEquals(all, rates(both).keySet());
    assertEquals(Set.of("bn1", "bn2"), Selection.of(both, model).adapting());
    Phase statistics = plan("bn-adapt:adapt=statistics").phases().get(0);
    assertEquals(Set.of("fc.weight", "fc.bias"), rates(statistics).keySet());
    assertEquals(Set.of("bn1", "bn2"), Selection.of(statistics, model).adapting());
  }

  @Test
  void affineAloneKeepsTheStatistics() {
    Phase affine = plan("bn-adapt:adapt=affine").phases().get(0);
    assertTrue(rates(affine).containsKey("bn1.weight"));
    assertEquals(Set.of(), Selection.of(affine, model).adapting());
  }

  @Test
  void normAdaptationIsRefusedWithTheReasonWhereThereIsNothingToAdapt() {
    String folded = refusal(() -> plan("bn-adapt", 320, true));
    assertTrue(folded.startsWith("method 'bn-adapt': the normalisation"), folded);
    assertTrue(folded.contains("folded into its convolutions"), folded);
    Subject table = new Subject(rows, false, TinyTransfer.rows().task(), 50, "none");
    String none = refusal(() -> plan("bn-adapt", table));
    assertTrue(none.contains("has no batch normalisation"), none);
  }

  @Test
  void bitfitTrainsBiasesAndTheHead() {
    Phase phase = plan("bitfit").phases().get(0);
    Set<String> expected =
        model.parameters().keySet().stream()
            .filter(name -> name.endsWith("bias") || name.equals("fc.weight"))
            .collect(Collectors.toSet());
    assertEquals(expected, rates(phase).keySet());
    assertTrue(expected.contains("bn1.bias") && expected.contains("neck.bias"));
    assertEquals(Set.of(), Selection.of(phase, model).adapting());
  }

  @Test
  void fromScratchThrowsTheWeightsAwayAndTakesLonger() {
    Plan plan = plan("from-scratch");
    assertTrue(plan.fromScratch());
    Phase phase = plan.phases().get(0);
    assertEquals(Set.of(1.0), Set.copyOf(groupRates(phase).values()));
    assertTrue(phase.length().epochs() >= 3 * plan("fine-tune").phases().get(0).length().epochs());
    for (String other : List.of("fine-tune", "lp-ft", "linear-probe")) {
      assertFalse(plan(other).fromScratch());
    }
  }

  @Test
  void fewExamplesMeanSmallBatchesAndMoreEpochs() {
    Phase many = plan("fine-tune", 2000, false).phases().get(0);
    assertEquals(12, many.length().epochs());
    assertEquals(32, many.streams().get(0).batchSize());
    Phase few = plan("fine-tune", 80, false).phases().get(0);
    assertEquals(30, few.length().epochs());
    assertEquals(16, few.streams().get(0).batchSize());
    Phase tiny = plan("fine-tune", 10, false).phases().get(0);
    assertEquals(60, tiny.length().epochs());
    assertEquals(7, plan("fine-tune:epochs=7", 10, false).phases().get(0).length().epochs());
  }

  @Test
  void networksWithoutBatchNormalisationTrainWithAdam() {
    Subject table = new Subject(rows, false, TinyTransfer.rows().task(), 50, "none");
    Phase phase = plan("fine-tune", table).phases().get(0);
    assertEquals("adamw", phase.optimizer().id());
    assertEquals(1, phase.regime().clipNorm());
    assertEquals("sgd", plan("fine-tune").phases().get(0).optimizer().id());
    Phase asked = plan("fine-tune:optimizer=adamw,lr=0.5").phases().get(0);
    assertEquals("adamw", asked.optimizer().id());
    assertEquals(0.5, learningRate(asked));
  }

  @Test
  void smallBatchesUnderANewHeadHaveASmallerRate() {
    for (String method : List.of("fine-tune", "gradual-unfreeze", "bn-adapt", "bitfit")) {
      assertEquals(0.01 * 16 / 48, firstRate(plan(method, 80, false)), 1e-12, method);
      assertEquals(0.01 * 32 / 48, firstRate(plan(method, 320, false)), 1e-12, method);
      assertEquals(0.01, firstRate(plan(method + ":batch_size=96", 320, false)), 1e-12, method);
      assertEquals(0.02, firstRate(plan(method + ":lr=0.02", 80, false)), 1e-12, method);
    }
    assertEquals(0.05, firstRate(plan("from-scratch", 80, false)), 1e-12);
  }

  @Test
  void startingAnewWithoutNormalisationTakesAdam() {
    for (String norm : List.of("norm1", "norm2")) {
      rows.network().children().get(norm).replace(new Dropout(0));
    }
    rows.regroup();
    Subject bare = new Subject(rows, false, TinyTransfer.rows().task(), 50, "none");
    assertEquals("adamw", optimizer(plan("from-scratch", bare)));
    assertEquals("sgd", optimizer(plan("from-scratch:optimizer=sgd", bare)));
    assertEquals("sgd", optimizer(plan("fine-tune", bare)));
    assertEquals("sgd", optimizer(plan("from-scratch")));
    // What is built anew is the normalised form.
    Subject folded = new Subject(rows, true, TinyTransfer.rows().task(), 50, "none");
    assertEquals("sgd", optimizer(plan("from-scratch", folded)));
  }

  private static String optimizer(Plan plan) {
    return plan.phases().get(0).optimizer().id();
  }

  private static double firstRate(Plan plan) {
    return learningRate(plan.phases().get(0));
  }

  @Test
  void twoStrategiesAreRefused() {
    assertEquals(
        "'lp-ft' and 'bitfit' both decide what trains; choose one of them",
        refusal(() -> plan("lp-ft,bitfit")));
  }
}
