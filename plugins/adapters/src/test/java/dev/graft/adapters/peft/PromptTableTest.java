package dev.graft.adapters.peft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.adapters.AdapterSet;
import dev.graft.adapters.TinyTransformer;
import dev.graft.adapters.prompt.PrefixTuning;
import dev.graft.model.Model;
import dev.graft.plan.Settings;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A prefix in attention, and in PEFT's files. */
class PromptTableTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private Scope scope;
  private Model model;
  private Tensor x;

  @BeforeEach
  void build() {
    scope = Scope.open();
    model = TinyTransformer.pictures().base().pretrained();
    RandomState.seed(8);
    x = Tensor.randn(4, 3, 8, 8);
  }

  @AfterEach
  void close() {
    model.close();
    scope.close();
  }

  private float[] logits(Model of) {
    try (Scope inner = Scope.open();
        Autograd off = Autograd.off()) {
      return of.forward(NamedTensors.of("pixels", x)).get("logits").toFloats();
    }
  }

  private static Settings settings(boolean projection) {
    return Settings.of("tokens", 3)
        .with("projection", projection)
        .checked(PrefixTuning.KIND.about().id(), PrefixTuning.KIND.settings());
  }

  private void write(boolean projection) throws IOException {
    AdapterSet set = AdapterSet.of(model);
    set.add("mine", PrefixTuning.KIND, settings(projection));
    set.activate("mine");
    try (Autograd off = Autograd.off()) {
      set.parameters("mine").values().stream()
          .flatMap(own -> own.values().stream())
          .forEach(t -> t.copyInPlace(t.add(Tensor.randn(t.shape()))));
    }
    PeftFolder.at(folder).write(model, "mine", PrefixTuning.KIND, settings(projection), "tiny");
  }

  /** With the maps, what is written is what they made: it computes the same without them. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPrefixIsOneTableAndComesBack(boolean projection) throws IOException {
    float[] untouched = logits(model);
    write(projection);
    float[] expected = logits(model);
    assertFalse(Arrays.equals(untouched, expected));
    Weights weights = Weights.open(folder.resolve(PeftFolder.WEIGHTS));
    assertEquals(
        Set.of("prompt_embeddings", "base_model.head.weight", "base_model.head.bias"),
        weights.names());
    // Two blocks, keys and values of 8 features.
    assertArrayEquals(new long[] {3, 32}, weights.get("prompt_embeddings").shape());
    JsonNode config = JSON.readTree(folder.resolve(PeftFolder.CONFIG).toFile());
    assertEquals("PREFIX_TUNING", config.path("peft_type").asText());
    assertEquals(3, config.path("num_virtual_tokens").asInt());
    assertEquals(2, config.path("num_layers").asInt());
    assertEquals(8, config.path("token_dim").asInt());
    assertFalse(config.path("prefix_projection").asBoolean(true));
    assertFalse(config.has("target_modules"));
    try (Model fresh = TinyTransformer.pictures().base().pretrained()) {
      PeftFolder.Content content =
          PeftFolder.at(folder).read(fresh, "theirs", PeftFolderTest.known());
      assertEquals("prefix-tuning", content.kind().about().id());
      assertEquals(4, content.layers());
      assertArrayEquals(expected, logits(fresh));
      AdapterSet.of(fresh).deactivate("theirs");
      AdapterSet.of(fresh).remove("theirs");
      assertArrayEquals(untouched, logits(fresh), 0);
    }
  }

  /** The table holds, layer by layer, keys and then values, as PEFT cuts it. */
  @Test
  void keysComeBeforeValues() throws IOException {
    write(false);
    HostTensor table = Weights.open(folder.resolve(PeftFolder.WEIGHTS)).get("prompt_embeddings");
    List<String> order =
        List.of(
            "blocks.0.attn.key_states",
            "blocks.0.attn.value_states",
            "blocks.1.attn.key_states",
            "blocks.1.attn.value_states");
    var parameters = AdapterSet.of(model).parameters("mine");
    assertEquals(order, List.copyOf(parameters.keySet()));
    for (int i = 0; i < order.size(); i++) {
      float[] part = Tensor.of(table).narrow(1, i * 8L, 8).contiguous().toFloats();
      assertArrayEquals(part, parameters.get(order.get(i)).get("prefix").toFloats());
    }
  }

  @Test
  void aTableThatDoesNotFitIsRefusedAndNothingChanges() throws IOException {
    write(false);
    Path config = folder.resolve(PeftFolder.CONFIG);
    ObjectNode changed = (ObjectNode) JSON.readTree(config.toFile());
    Files.write(config, JSON.writeValueAsBytes(changed.put("num_virtual_tokens", 4)));
    try (Model fresh = TinyTransformer.pictures().base().pretrained()) {
      Set<String> before = Set.copyOf(fresh.state().keySet());
      assertTrue(refusal(fresh).contains("[3, 32], here it is [4, 32]"), refusal(fresh));
      Weights.of(java.util.Map.of("other", HostTensor.of(new float[1], 1)))
          .save(folder.resolve(PeftFolder.WEIGHTS));
      assertTrue(refusal(fresh).contains("prompt_embeddings"), refusal(fresh));
      assertEquals(before, fresh.state().keySet());
    }
  }

  private String refusal(Model fresh) {
    return assertThrows(
            IOException.class,
            () -> PeftFolder.at(folder).read(fresh, "theirs", PeftFolderTest.known()))
        .getMessage();
  }

  @Test
  void aPrefixOnSomeLayersStaysInItsBundle() {
    Settings some = settings(false).with("targets", "blocks\\.0\\.attn\\.(key|value)_states");
    AdapterSet.of(model).add("mine", PrefixTuning.KIND, some);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> PeftFolder.at(folder).write(model, "mine", PrefixTuning.KIND, some, "tiny"))
            .getMessage();
    assertTrue(message.contains("keep the bundle"), message);
  }
}
