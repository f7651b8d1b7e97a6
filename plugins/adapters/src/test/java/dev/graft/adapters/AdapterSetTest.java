package dev.graft.adapters;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.adapters.AdapterSet.State;
import dev.graft.adapters.bottleneck.Houlsby;
import dev.graft.adapters.lowrank.Dora;
import dev.graft.adapters.lowrank.Lora;
import dev.graft.adapters.lowrank.Pissa;
import dev.graft.layers.Layer;
import dev.graft.model.Model;
import dev.graft.model.Modules;
import dev.graft.plan.Settings;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.tiny.TinyTransfer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several adapters on one model: what they do, which steps are allowed, what a merge leaves. */
class AdapterSetTest {

  private Scope scope;
  private Model model;
  private AdapterSet adapters;
  private Tensor x;

  @BeforeEach
  void build() {
    scope = Scope.open();
    model = TinyTransfer.pictures().base().pretrained();
    RandomState.seed(3);
    adapters = AdapterSet.of(model);
    x = Tensor.randn(4, 3, 8, 8);
  }

  @AfterEach
  void close() {
    model.close();
    scope.close();
  }

  private float[] logits() {
    try (Scope inner = Scope.open();
        Autograd off = Autograd.off()) {
      return model.forward(NamedTensors.of("pixels", x)).get("logits").toFloats();
    }
  }

  /** Adds a LoRA whose factors are not zero. */
  private void add(String name, int rank) {
    adapters.add(name, Lora.KIND, Settings.of("rank", rank));
    randomise(name);
  }

  private void randomise(String name) {
    try (Autograd off = Autograd.off()) {
      adapters
          .tensors(name)
          .values()
          .forEach(
              tensors ->
                  tensors.values().stream()
                      .filter(t -> t.dtype().isFloating())
                      .forEach(t -> t.copyInPlace(Tensor.randn(t.shape()).mul(0.3))));
    }
  }

  private Map<String, HostTensor> base() {
    Map<String, HostTensor> state = new LinkedHashMap<>();
    model
        .state()
        .forEach(
            (name, tensor) -> {
              if (!name.contains("lora")) {
                state.put(name, tensor.toHost());
              }
            });
    return state;
  }

  private static void assertClose(float[] expected, float[] actual, double tolerance) {
    double scale = 0;
    for (float value : expected) {
      scale = Math.max(scale, Math.abs(value));
    }
    assertArrayEquals(expected, actual, (float) (tolerance * Math.max(1, scale)));
  }

  @Test
  void anInactiveAdapterChangesNothingAndPublishedNamesStay() {
    float[] before = logits();
    var names = model.state().keySet();
    add("a", 2);
    assertArrayEquals(before, logits());
    assertEquals(State.INACTIVE, adapters.state("a"));
    assertTrue(model.state().keySet().containsAll(names));
    assertTrue(model.parameters().containsKey("conv1.lora_A.a.weight"));
    adapters.activate("a");
    assertFalse(java.util.Arrays.equals(before, logits()));
    adapters.deactivate("a");
    assertArrayEquals(before, logits());
    adapters.remove("a");
    assertEquals(names, model.state().keySet());
    assertArrayEquals(before, logits());
  }

  @Test
  void switchingAndStrengthActOnOneAdapterAtATime() {
    add("a", 2);
    add("b", 3);
    adapters.switchTo("a");
    float[] a = logits();
    adapters.switchTo("b");
    assertEquals(State.INACTIVE, adapters.state("a"));
    assertFalse(java.util.Arrays.equals(a, logits()));
    adapters.setStrength("b", 0);
    float[] none = logits();
    adapters.deactivate("b");
    assertClose(none, logits(), 1e-6);
    adapters.switchTo("a");
    assertArrayEquals(a, logits());
  }

  @Test
  void mergedIsUnmergedAndUnmergingGivesTheBitsBack() {
    add("a", 2);
    add("b", 3);
    adapters.activate("a");
    adapters.activate("b");
    Map<String, HostTensor> before = base();
    float[] unmerged = logits();
    MergeReport report = adapters.merge();
    assertEquals(0, report.largestError());
    assertEquals(java.util.Set.of("conv1", "conv2", "neck"), report.errors().keySet());
    assertNotEquals(before, base());
    assertClose(unmerged, logits(), 1e-5);
    adapters.unmerge();
    assertEquals(before, base());
    assertArrayEquals(unmerged, logits());
  }

  @Test
  void aDecompositionMergesToo() {
    adapters.add("d", Dora.KIND, Settings.NONE);
    randomise("d");
    adapters.activate("d");
    float[] unmerged = logits();
    assertEquals(0, adapters.merge().largestError());
    assertClose(unmerged, logits(), 1e-5);
  }

  @Test
  void stepsThatTheStateForbidsThrow() {
    add("a", 2);
    assertRefused("INACTIVE", () -> adapters.train("a"));
    assertRefused("INACTIVE", () -> adapters.deactivate("a"));
    assertThrows(IllegalStateException.class, adapters::merge);
    assertThrows(IllegalStateException.class, adapters::unmerge);
    adapters.activate("a");
    assertRefused("ACTIVE", () -> adapters.activate("a"));
    adapters.train("a");
    assertEquals(State.TRAINABLE, adapters.state("a"));
    assertRefused("TRAINABLE", () -> adapters.merge());
    adapters.freeze("a");
    assertEquals(0, adapters.merge().largestError());
    assertEquals(State.MERGED, adapters.state("a"));
    assertRefused("MERGED", () -> adapters.merge());
    assertRefused("MERGED", () -> adapters.train("a"));
    assertRefused("MERGED", () -> adapters.deactivate("a"));
    assertThrows(IllegalStateException.class, () -> add("b", 2));
    assertThrows(IllegalStateException.class, () -> adapters.remove("a"));
    assertThrows(
        IllegalStateException.class,
        () -> adapters.combine("c", Map.of("a", 1.0), Combination.CAT, 1));
    model.network().setTrainingAll(true);
    String message = assertThrows(IllegalStateException.class, this::logits).getMessage();
    assertTrue(message.contains("merged"), message);
    model.network().setTrainingAll(false);
    String unknown =
        assertThrows(IllegalArgumentException.class, () -> adapters.activate("z")).getMessage();
    assertTrue(unknown.contains("[a]"), unknown);
  }

  private static void assertRefused(String state, Runnable step) {
    String message = assertThrows(IllegalStateException.class, step::run).getMessage();
    assertTrue(message.contains(state), message);
  }

  @Test
  void addingLeavesWhatTrainsAlone() {
    add("a", 2);
    adapters.activate("a");
    adapters.train("a");
    Map<String, Boolean> before = trains();
    add("b", 2);
    before.forEach((name, value) -> assertEquals(value, trains().get(name), name));
    assertFalse(trains().get("neck.lora_A.b.weight"));
  }

  private Map<String, Boolean> trains() {
    Map<String, Boolean> result = new LinkedHashMap<>();
    model.parameters().values().forEach(p -> result.put(p.name(), p.tensor().requiresGrad()));
    return result;
  }

  @Test
  void whatCannotBeMergedLeavesEverythingAsItWas() {
    add("a", 2);
    adapters.activate("a");
    adapters.add("h", Houlsby.KIND, Settings.of("targets", "neck"));
    adapters.activate("h");
    Map<String, HostTensor> before = base();
    String message =
        assertThrows(UnsupportedOperationException.class, adapters::merge).getMessage();
    assertTrue(message.contains("neck"), message);
    assertEquals(before, base());
    assertEquals(State.ACTIVE, adapters.state("a"));
  }

  @Test
  void mergingIntoAShorterTypeComputesIn32BitsAndTellsTheError() {
    add("a", 2);
    adapters.activate("a");
    AdaptedLayer neck = (AdaptedLayer) Modules.child(model.network(), "neck").layer();
    Tensor weight = neck.host().weight();
    Tensor exact;
    try (Autograd off = Autograd.off()) {
      weight.replaceData(weight.to(DType.BFLOAT16));
      Tensor bias = neck.host().weights().bias();
      bias.replaceData(bias.to(DType.BFLOAT16));
      exact = neck.active().get(0).adapt(new LayerWeights(weight.to(DType.FLOAT32), null)).weight();
    }
    for (Tensor tensor : adapters.tensors("a").get("neck").values()) {
      assertEquals(DType.FLOAT32, tensor.dtype());
    }
    HostTensor before = weight.toHost();
    MergeReport report = adapters.merge();
    assertEquals("neck", report.worst());
    double largest = weight.to(DType.FLOAT32).sub(exact).abs().max().item();
    assertEquals(largest, report.largestError(), 1e-12);
    assertTrue(largest > 0);
    assertEquals(exact.to(DType.BFLOAT16).toHost(), weight.toHost());
    adapters.unmerge();
    assertEquals(before, weight.toHost());
  }

  @Test
  void catIsTheWeightedSumAndSvdTheSameOfLowerRank() {
    add("a", 2);
    add("b", 3);
    adapters.combine("cat", Map.of("a", 0.7, "b", -0.4), Combination.CAT, 1);
    adapters.combine("svd", Map.of("a", 0.7, "b", -0.4), Combination.SVD, 1);
    adapters.activate("a");
    adapters.activate("b");
    adapters.setStrength("a", 0.7);
    adapters.setStrength("b", -0.4);
    float[] sum = logits();
    adapters.switchTo("cat");
    assertClose(sum, logits(), 1e-5);
    adapters.switchTo("svd");
    assertEquals(3, adapters.tensors("svd").get("neck").get("lora_A.weight").size(0));
    assertFalse(java.util.Arrays.equals(sum, logits()));
  }

  @Test
  void rulesOnFactorsNeedOneRankAndAnIdenticalAdapterIsItsOwnMean() {
    add("a", 2);
    add("b", 3);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> adapters.combine("c", Map.of("a", 1.0, "b", 1.0), Combination.TIES, 0.5))
            .getMessage();
    assertTrue(message.contains("CAT"), message);
    adapters.switchTo("a");
    float[] alone = logits();
    for (Combination rule : Combination.values()) {
      adapters.combine(rule.name(), Map.of("a", 1.0), rule, 1);
      adapters.switchTo(rule.name());
      assertClose(alone, logits(), 1e-5);
    }
  }

  @Test
  void droppedFactorsKeepTheirMean() {
    add("a", 8);
    RandomState.seed(1);
    adapters.combine("d", Map.of("a", 1.0), Combination.DARE, 0.5);
    Tensor kept = adapters.tensors("d").get("conv2").get("lora_A.weight");
    Tensor full = adapters.tensors("a").get("conv2").get("lora_A.weight");
    double share = 1 - kept.eq(kept.zerosLike()).to(DType.FLOAT32).mean().item();
    assertEquals(0.5, share, 0.1);
    double ratio = kept.abs().max().item() / full.abs().max().item();
    assertTrue(ratio > 1.2, "what is kept is scaled up: " + ratio);
  }

  @Test
  void aWeightThatIsUsedTwiceIsRefused() {
    Layer conv = Modules.child(model.network(), "conv1").layer();
    Modules.child(model.network(), "conv2").replace(new Tied(conv));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> adapters.add("a", Lora.KIND, Settings.of("targets", "conv1")))
            .getMessage();
    assertTrue(message.contains("conv2.weight") && message.contains("exclude"), message);
  }

  /** A layer that uses the weight of another. */
  private static final class Tied extends Layer {

    private final Layer other;

    Tied(Layer other) {
      this.other = other;
      var unused =
          parameter(
              "weight",
              dev.graft.layers.ParameterKind.WEIGHT,
              other.parameters().get("weight").tensor());
    }

    @Override
    protected Tensor forward(Tensor input) {
      return other.apply(input);
    }

    @Override
    public void close() {}
  }

  @Test
  void anAdapterThatHoldsPartOfTheWeightStandsAlone() {
    add("a", 2);
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> adapters.add("p", Pissa.KIND, Settings.NONE))
            .getMessage();
    assertTrue(message.contains("remove"), message);
  }
}
