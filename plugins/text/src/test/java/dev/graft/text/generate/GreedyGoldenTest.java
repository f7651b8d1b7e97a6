package dev.graft.text.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Continuations of filled networks, with and without cache, against reference runs. */
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
    "t5_v1_1_gated_gelu, false",
    "marian_conditional_generation, true",
    "marian_conditional_generation, false"
  })
  void continuationsAreThoseOfTheReference(String name, boolean cached) throws IOException {
    JsonNode json = JSON.readTree(Files.readString(file(name)));
    try (Model model = filled(json)) {
      JsonNode greedy = json.get("greedy_generation");
      int count = greedy.get("max_new_tokens").asInt();
      for (int i = 0; i < greedy.get("prompt").size(); i++) {
        long[] prompt = longs(greedy.get("prompt").get(i));
        Given given = new Given(prompt, Arrays.copyOf(mask(json, i), prompt.length), Set.of());
        long[] made =
            continued(
                model,
                given,
                cached,
                (continuation, first) ->
                    continuation.sample(
                        first,
                        count,
                        Choice.GREEDY,
                        new Random(1),
                        Continuation.Listener.of(id -> {})));
        long[] whole = longs(greedy.get("full_sequences").get(i));
        assertArrayEquals(
            Arrays.copyOfRange(whole, whole.length - count, whole.length), made, name + " " + i);
      }
    }
  }

  /** As transformers 5.18.0 goes on with 3 beams that stop early, without their end. */
  @ParameterizedTest
  @CsvSource({
    "0, 1, 1.0, 35 35 35 35 35 35 35 35 35 35 35 35",
    "1, 1, 1.0, 35 191 191 191 191 191 191 191 191 191 191 191",
    "1, 4, 0.0, 191 191 191 191",
    "1, 4, 1.0, 35 191 191 191 191 191 191"
  })
  void beamsAreThoseOfTheReference(int row, long end, double penalty, String expected)
      throws IOException {
    JsonNode json = JSON.readTree(Files.readString(file("t5_conditional_generation")));
    try (Model model = filled(json)) {
      long[] mask = Arrays.stream(mask(json, row)).filter(token -> token == 1).toArray();
      long[] source = longs(json.get("inputs").get("input_ids").get("values").get(row));
      Given given = new Given(Arrays.copyOf(source, mask.length), mask, Set.of(end));
      long[] made =
          continued(
              model,
              given,
              true,
              (continuation, first) -> continuation.beams(first, 12, 3, penalty));
      assertEquals(
          expected, Arrays.stream(made).mapToObj(String::valueOf).collect(Collectors.joining(" ")));
    }
  }

  /** A file of the folder of reference values, or one that stands beside the families' tests. */
  private static Path file(String name) {
    URL own = TranslatingNetwork.class.getResource("reference/" + name + ".json");
    return own == null
        ? SharedFolder.requireGolden("arch_text_audio").resolve(name + ".json")
        : Path.of(URI.create(own.toString()));
  }

  private static long[] mask(JsonNode json, int row) {
    return longs(json.get("inputs").get("attention_mask").get("values").get(row));
  }

  /**
   * What is continued.
   *
   * @param prompt ids
   * @param mask 1 where there is a token; for an encoder alone
   * @param ends ids that end it
   */
  private record Given(long[] prompt, long[] mask, Set<Long> ends) {}

  private interface Way {
    long[] goesOn(Continuation continuation, long[] first);
  }

  private static long[] continued(Model model, Given given, boolean cached, Way way) {
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      Pass pass = Pass.PLAIN;
      long[] first = given.prompt;
      if (model.network() instanceof TranslatingNetwork network) {
        Tensor ids = Tensor.of(given.prompt, 1, given.prompt.length);
        Tensor mask = Tensor.of(given.mask, 1, given.mask.length);
        pass =
            pass.withMemory(
                network.encode(NamedTensors.of(Map.of("input_ids", ids, "attention_mask", mask))));
        first = new long[] {network.start()};
      }
      WordModel words = (WordModel) model.network();
      return way.goesOn(new Continuation(words, given.ends, cached, pass), first);
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
