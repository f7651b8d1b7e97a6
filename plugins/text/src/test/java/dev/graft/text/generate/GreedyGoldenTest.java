package dev.graft.text.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.registry.Registry;
import dev.graft.spi.ModelFamily;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.SharedFolder;
import dev.graft.testkit.golden.GoldenFill;
import dev.graft.text.block.Pass;
import dev.graft.text.block.WordModel;
import dev.graft.text.family.TranslatingNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Greedy continuations of filled networks, with and without cache, against reference runs. */
class GreedyGoldenTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @CsvSource({
    "llama_causal_lm, true",
    "llama_causal_lm, false",
    "llama_gqa_rope_theta, true",
    "llama_gqa_rope_theta, false",
    "t5_conditional_generation, true",
    "t5_conditional_generation, false",
    "t5_v1_1_gated_gelu, true",
    "t5_v1_1_gated_gelu, false"
  })
  void continuationsAreThoseOfTheReference(String name, boolean cached) throws IOException {
    JsonNode json =
        JSON.readTree(
            Files.readString(
                SharedFolder.requireGolden("arch_text_audio").resolve(name + ".json")));
    try (Model model = filled(json)) {
      JsonNode greedy = json.get("greedy_generation");
      int count = greedy.get("max_new_tokens").asInt();
      for (int i = 0; i < greedy.get("prompt").size(); i++) {
        long[] prompt = longs(greedy.get("prompt").get(i));
        long[] whole = longs(greedy.get("full_sequences").get(i));
        long[] mask = longs(json.get("inputs").get("attention_mask").get("values").get(i));
        assertArrayEquals(whole, continued(model, prompt, mask, cached, count), name + " " + i);
      }
    }
  }

  private static long[] continued(
      Model model, long[] prompt, long[] mask, boolean cached, int count) {
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      Pass pass = Pass.PLAIN;
      long[] first = prompt;
      if (model.network() instanceof TranslatingNetwork network) {
        Tensor ids = Tensor.of(prompt, 1, prompt.length);
        // The reference run padded the second sequence of the batch.
        Tensor tokens = Tensor.of(mask, 1, mask.length);
        pass =
            pass.withMemory(
                network.encode(
                    NamedTensors.of(Map.of("input_ids", ids, "attention_mask", tokens))));
        first = new long[] {network.start()};
      }
      long[] made =
          new Continuation((WordModel) model.network(), Set.of(), cached, pass)
              .sample(
                  first, count, Choice.GREEDY, new Random(1), Continuation.Listener.of(id -> {}));
      long[] whole = java.util.Arrays.copyOf(first, first.length + made.length);
      System.arraycopy(made, 0, whole, first.length, made.length);
      return whole;
    }
  }

  private static Model filled(JsonNode json) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("class", json.get("class").asText());
    config.put("config", JSON.convertValue(json.get("config"), Object.class));
    Registry registry = Registry.load(GreedyGoldenTest.class.getClassLoader());
    ModelSpec spec = registry.modelSpec(config);
    Model model = new Model(spec, registry.get(ModelFamily.class, spec.family()).build(spec));
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      for (JsonNode entry : json.get("state_dict")) {
        Tensor tensor = model.state().get(entry.get(0).asText());
        String kind = entry.get(3).asText();
        if (tensor != null && !kind.equals("keep") && !kind.equals("tied")) {
          tensor.copyInPlace(GoldenFill.of(kind, entry.get(0).asText(), tensor.shape()));
        }
      }
    }
    return model;
  }

  private static long[] longs(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToLong(JsonNode::asLong).toArray();
  }
}
