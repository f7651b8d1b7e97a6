package dev.graft.adapters;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.adapters.lowrank.Dora;
import dev.graft.adapters.lowrank.Lora;
import dev.graft.adapters.lowrank.Pissa;
import dev.graft.adapters.peft.PeftFolder;
import dev.graft.adapters.prompt.PrefixTuning;
import dev.graft.model.Model;
import dev.graft.plan.Settings;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Queries, keys and values that are rows of one bare parameter, as PyTorch's own attention has. */
class JointProjectionTest {

  private static final String ATTENTION = "encoder.layers.encoder_layer_0.self_attention.";
  private static final int WIDTH = 8;

  private Scope scope;
  private Model model;
  private AdapterSet adapters;
  private Tensor x;

  @BeforeEach
  void build() {
    scope = Scope.open();
    model = TinyTransformer.pictures("torchvision").base().pretrained();
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

  /** Rows of the first layer's projection: 0 queries, 1 keys, 2 values. */
  private HostTensor rows(int part) {
    try (Scope inner = Scope.open()) {
      Tensor joint = model.state().get(ATTENTION + "in_proj_weight");
      return joint.narrow(0, (long) part * WIDTH, WIDTH).contiguous().toHost();
    }
  }

  private void add(AdapterKind kind, Settings settings) {
    adapters.add("a", kind, settings);
    adapters.activate("a");
    try (Autograd off = Autograd.off()) {
      adapters
          .parameters("a")
          .values()
          .forEach(
              own -> own.values().forEach(t -> t.addInPlace(Tensor.randn(t.shape()).mul(0.3), 1)));
    }
  }

  static Stream<AdapterKind> kinds() {
    return Stream.of(Lora.KIND, Dora.KIND, Pissa.KIND);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void queriesAndValuesAreAdaptedMergedAndGivenBack(AdapterKind kind) {
    Set<String> published = Set.copyOf(model.state().keySet());
    List<HostTensor> before = List.of(rows(0), rows(1), rows(2));
    float[] untouched = logits();
    add(kind, Settings.of("rank", 2));
    assertTrue(model.state().keySet().containsAll(published));
    assertEquals(
        Set.of(ATTENTION + "q", ATTENTION + "v", second("q"), second("v")),
        adapters.parameters("a").keySet());
    float[] adapted = logits();
    assertFalse(Arrays.equals(untouched, adapted));
    HostTensor unmerged = rows(0);
    assertTrue(adapters.merge().largestError() < 1e-6);
    assertArrayEquals(adapted, logits(), 1e-5f);
    assertFalse(rows(0).equals(before.get(0)) || rows(2).equals(before.get(2)));
    assertEquals(before.get(1), rows(1), "nobody adapts the keys");
    adapters.unmerge();
    assertEquals(unmerged, rows(0));
    assertArrayEquals(adapted, logits());
  }

  private static String second(String part) {
    return ATTENTION.replace("_0", "_1") + part;
  }

  @Test
  void anAdapterThatAddsNothingChangesNothing() {
    float[] untouched = logits();
    adapters.add("a", Lora.KIND, Settings.NONE);
    adapters.activate("a");
    assertArrayEquals(untouched, logits(), 1e-6f);
  }

  @Test
  void eachPartCanBeNamed() {
    add(Lora.KIND, Settings.of("targets", "encoder_layer_0\\.self_attention\\.k"));
    assertEquals(Set.of(ATTENTION + "k"), adapters.parameters("a").keySet());
    List<HostTensor> before = List.of(rows(0), rows(1), rows(2));
    assertEquals(0, adapters.merge().largestError());
    assertEquals(before.get(0), rows(0));
    assertFalse(before.get(1).equals(rows(1)));
    assertEquals(before.get(2), rows(2));
  }

  @Test
  void aPrefixGoesBeforeItsKeysAndValues() {
    float[] untouched = logits();
    add(PrefixTuning.KIND, Settings.NONE);
    assertFalse(Arrays.equals(untouched, logits()));
  }

  @Test
  void whatCannotBeSaysWhatCan(@TempDir Path folder) {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> adapters.add("b", Lora.KIND, Settings.of("targets", "in_proj_weight")))
            .getMessage();
    assertTrue(message.contains(ATTENTION + "q, "), message);
    add(Lora.KIND, Settings.NONE);
    message =
        assertThrows(
                IllegalArgumentException.class,
                () -> PeftFolder.at(folder).write(model, "a", Lora.KIND, Settings.NONE, "tiny"))
            .getMessage();
    assertTrue(message.contains("joint projection"), message);
  }
}
