package dev.graft.adapters.peft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.Graft;
import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterSet;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.adapters.lowrank.Lora;
import dev.graft.adapters.scaling.Ssf;
import dev.graft.bundle.Bundle;
import dev.graft.data.Example;
import dev.graft.infer.Predictor;
import dev.graft.infer.PredictorOptions;
import dev.graft.layers.Conv2d;
import dev.graft.model.Model;
import dev.graft.model.Modules;
import dev.graft.plan.Choice;
import dev.graft.plan.Plan;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.spi.Surgery;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.tiny.TinyTransfer;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Adapters written and read in PEFT's layout, and folders that are refused. */
class PeftFolderTest {

  private static final Registry REGISTRY = Registry.load(PeftFolderTest.class.getClassLoader());

  @TempDir Path temp;

  private Scope scope;
  private Model model;
  private Tensor x;

  @BeforeEach
  void build() {
    scope = Scope.open();
    model = TinyTransfer.pictures().base().pretrained();
    RandomState.seed(8);
    x = Tensor.randn(4, 3, 8, 8);
  }

  @AfterEach
  void close() {
    model.close();
    scope.close();
  }

  static List<AdapterKind> known() {
    return REGISTRY.all(Surgery.class).stream()
        .filter(AdapterSurgery.class::isInstance)
        .map(surgery -> ((AdapterSurgery) surgery).kind())
        .toList();
  }

  /** Kinds whose configuration leads back to them. */
  static Stream<AdapterKind> written() {
    return known().stream()
        .filter(kind -> !kind.peft().type().isEmpty() && !kind.peft().isPrompt())
        .filter(kind -> !kind.about().id().equals("lora-plus"));
  }

  private float[] logits(Model of) {
    try (Scope inner = Scope.open();
        Autograd off = Autograd.off()) {
      return of.forward(NamedTensors.of("pixels", x)).get("logits").toFloats();
    }
  }

  private static Settings settings(AdapterKind kind) {
    return Settings.NONE.checked(kind.about().id(), kind.settings());
  }

  /** An adapter, a head and statistics as training leaves them. */
  private void train(AdapterKind kind) {
    AdapterSet set = AdapterSet.of(model);
    set.add("mine", kind, settings(kind));
    set.activate("mine");
    try (Autograd off = Autograd.off()) {
      set.parameters("mine")
          .values()
          .forEach(
              own ->
                  own.values()
                      .forEach(t -> t.copyInPlace(t.add(Tensor.randn(t.shape()).mul(0.2)))));
      for (String name : List.of("fc.weight", "fc.bias", "bn1.running_mean", "bn2.bias")) {
        Tensor tensor = model.state().get(name);
        tensor.copyInPlace(tensor.add(Tensor.randn(tensor.shape()).mul(0.2)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("written")
  void whatIsWrittenComesBackWithHeadAndStatistics(AdapterKind kind) throws IOException {
    train(kind);
    float[] expected = logits(model);
    PeftFolder folder = PeftFolder.at(temp.resolve("adapter"));
    folder.write(model, "mine", kind, settings(kind), "tiny");
    try (Model fresh = TinyTransfer.pictures().base().pretrained()) {
      PeftFolder.Content content = folder.read(fresh, "theirs", known());
      assertEquals(kind.about().id(), content.kind().about().id());
      assertEquals(Set.of("fc", "bn1", "bn2"), content.modules());
      assertArrayEquals(expected, logits(fresh));
      assertEquals(AdapterSet.State.ACTIVE, AdapterSet.of(fresh).state("theirs"));
    }
  }

  /** Out of a bundle and into another one; both say the same, and the second has no figures. */
  @Test
  void bundlesAreExportedAndImported() throws IOException {
    TinyTransfer transfer = TinyTransfer.pictures();
    model.replaceHead(transfer.task().head(model.featureCount()));
    Choice lora = new Choice("lora", settings(Lora.KIND).with("rank", 3));
    try (Autograd off = Autograd.off()) {
      new Lora.Surgery().apply(model, lora.settings(), transfer.task());
    }
    Plan plan = Plan.start(1).plusSurgery(lora);
    Path empty = transfer.bundle(temp.resolve("empty"), plan, model).folder();
    try (Autograd off = Autograd.off()) {
      AdapterSet.of(model)
          .parameters("default")
          .values()
          .forEach(own -> own.values().forEach(t -> t.copyInPlace(Tensor.randn(t.shape()))));
    }
    Path full = transfer.bundle(temp.resolve("full"), plan, model).folder();
    Graft graft = Graft.with(REGISTRY);
    graft.export(full, "peft", temp.resolve("adapter"));
    Bundle written = graft.importInto(empty, "peft", temp.resolve("adapter"), temp.resolve("new"));
    assertEquals(Map.of(), written.manifest().metrics());
    PredictorOptions exact = PredictorOptions.defaults().withFoldNorms(false);
    try (Predictor one = Predictor.open(Bundle.open(full), REGISTRY, exact);
        Predictor two = Predictor.open(Bundle.open(written.folder()), REGISTRY, exact)) {
      List<Example> examples = List.of(transfer.data().test().load(0));
      assertArrayEquals(one.scores(examples), two.scores(examples));
    }
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> graft.export(full, "onnx", temp.resolve("other")))
            .getMessage();
    assertTrue(message.contains("peft"), message);
  }

  @Test
  void theNamesArePefts() throws IOException {
    train(Lora.KIND);
    Path folder = temp.resolve("adapter");
    PeftFolder.at(folder).write(model, "mine", Lora.KIND, settings(Lora.KIND), "tiny");
    Set<String> names = Weights.open(folder.resolve("adapter_model.safetensors")).names();
    for (String layer : List.of("conv1", "conv2", "neck")) {
      assertTrue(names.contains("base_model.model." + layer + ".lora_A.weight"), names.toString());
      assertTrue(names.contains("base_model.model." + layer + ".lora_B.weight"));
      assertFalse(names.contains("base_model.model." + layer + ".weight"));
    }
    assertTrue(names.contains("base_model.model.fc.weight"));
    assertTrue(names.contains("base_model.model.bn1.running_var"));
    Map<String, Object> config = config(folder);
    assertEquals("LORA", config.get("peft_type"));
    assertEquals(8, config.get("r"));
    assertEquals(8.0, ((Number) config.get("lora_alpha")).doubleValue());
    assertEquals(List.of("conv1", "conv2", "neck"), config.get("target_modules"));
    assertEquals(List.of("fc", "bn1", "bn2"), config.get("modules_to_save"));
    assertEquals(false, config.get("use_dora"));
  }

  private static Map<String, Object> config(Path folder) throws IOException {
    return new ObjectMapper()
        .readValue(folder.resolve("adapter_config.json").toFile(), new TypeReference<>() {});
  }

  /** A folder as PEFT writes it: short targets, keys of its own, some of which load code there. */
  private Path foreign(Map<String, Object> changes) throws IOException {
    Path folder = Files.createDirectories(temp.resolve("foreign"));
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("peft_type", "LORA");
    config.put("auto_mapping", Map.of("base_model_class", "Evil", "parent_library", "os.system"));
    config.put("megatron_core", "megatron.core");
    config.put("r", 2);
    config.put("lora_alpha", 6);
    config.put("lora_dropout", 0.0);
    config.put("target_modules", List.of("neck"));
    config.put("modules_to_save", null);
    config.put("bias", "none");
    config.put("rank_pattern", Map.of());
    config.putAll(changes);
    Files.write(
        folder.resolve("adapter_config.json"), new ObjectMapper().writeValueAsBytes(config));
    Weights.of(
            Map.of(
                "base_model.model.neck.lora_A.weight",
                HostTensor.of(new float[16], 2, 8),
                "base_model.model.neck.lora_B.weight",
                HostTensor.of(ones(24), 12, 2)))
        .save(folder.resolve("adapter_model.safetensors"));
    return folder;
  }

  private static float[] ones(int count) {
    float[] values = new float[count];
    java.util.Arrays.fill(values, 1);
    return values;
  }

  @Test
  void aForeignFolderIsReadAndItsCodeIsNot() throws IOException {
    PeftFolder.Content content = PeftFolder.at(foreign(Map.of())).read(model, "a", known());
    assertEquals("lora", content.kind().about().id());
    assertEquals(1, content.layers());
    assertEquals(6.0, content.settings().number("alpha"));
    assertEquals(2, content.settings().integer("rank"));
    Tensor b = AdapterSet.of(model).parameters("a").get("neck").get("lora_B.weight");
    assertEquals(24, b.sum().item());
  }

  @Test
  void whatIsUnknownOrOutOfBoundsIsRefusedAndNothingChanges() throws IOException {
    Set<String> before = Set.copyOf(model.state().keySet());
    assertRefused(Map.of("peft_type", "NEW_ONE"), "NEW_ONE");
    assertRefused(Map.of("r", 1_000_000), "rank");
    assertRefused(Map.of("r", -1), "rank");
    assertRefused(Map.of("r", "two"), "rank");
    assertRefused(Map.of("lora_alpha", 1e300), "alpha");
    assertRefused(Map.of("r", 3), "shape");
    assertRefused(Map.of("target_modules", List.of("conv1")), "neck");
    assertRefused(Map.of("target_modules", "(((("), "neck");
    assertRefused(Map.of("rank_pattern", Map.of("neck", 4)), "rank_pattern");
    assertRefused(Map.of("use_dora", true), "lora_magnitude_vector");
    assertRefused(Map.of("bias", "all"), "bias");
    assertEquals(before, model.state().keySet());
  }

  private void assertRefused(Map<String, Object> changes, String word) throws IOException {
    Path folder = foreign(changes);
    String message =
        assertThrows(
                IOException.class,
                () -> PeftFolder.at(folder).read(model, "a", known()),
                changes::toString)
            .getMessage();
    assertTrue(message.contains(word), message);
  }

  @Test
  void tensorsOfNoModuleAndPicklesAreRefused() throws IOException {
    Path folder = foreign(Map.of());
    Weights.of(Map.of("base_model.model.layer9.lora_A.weight", HostTensor.of(new float[16], 2, 8)))
        .save(folder.resolve("adapter_model.safetensors"));
    assertTrue(refusal(folder).contains("layer9"));
    Weights.of(Map.of("base_model.model.neck.weight", HostTensor.of(new float[96], 12, 8)))
        .save(folder.resolve("adapter_model.safetensors"));
    assertTrue(refusal(folder).contains("modules_to_save"));
    Files.delete(folder.resolve("adapter_model.safetensors"));
    Files.write(folder.resolve("adapter_model.bin"), new byte[] {(byte) 0x80, 2});
    assertTrue(refusal(folder).contains("safetensors"));
    Files.writeString(folder.resolve("adapter_config.json"), "[1, 2");
    assertTrue(refusal(folder).contains("not valid"));
  }

  private String refusal(Path folder) {
    return assertThrows(IOException.class, () -> PeftFolder.at(folder).read(model, "a", known()))
        .getMessage();
  }

  @Test
  void kindsAndLayersThatPeftDoesNotKnowAreNotWritten() {
    AdapterSet set = AdapterSet.of(model);
    set.add("s", Ssf.KIND, Settings.NONE);
    PeftFolder folder = PeftFolder.at(temp.resolve("s"));
    assertRefused(folder, "s", Ssf.KIND, "ssf");
    set.remove("s");
    Modules.child(model.network(), "conv2")
        .replace(new Conv2d(Conv2d.Spec.of(6, 8, 3).groups(2).stride(2)));
    set.add("l", Lora.KIND, Settings.NONE);
    assertRefused(folder, "l", Lora.KIND, "conv2");
  }

  private void assertRefused(PeftFolder folder, String name, AdapterKind kind, String word) {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> folder.write(model, name, kind, settings(kind), "tiny"))
            .getMessage();
    assertTrue(message.contains(word), message);
  }
}
