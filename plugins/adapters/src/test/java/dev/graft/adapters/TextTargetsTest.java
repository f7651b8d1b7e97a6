package dev.graft.adapters;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.adapters.bottleneck.Houlsby;
import dev.graft.adapters.lowrank.Lora;
import dev.graft.adapters.prompt.PromptTuning;
import dev.graft.adapters.scaling.Ia3;
import dev.graft.model.Model;
import dev.graft.plan.Plan;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.spi.Subject;
import dev.graft.task.Classification;
import dev.graft.task.Task;
import dev.graft.task.sequence.CausalLanguageModelling;
import dev.graft.task.sequence.MaskedLanguageModelling;
import dev.graft.task.sequence.QuestionAnswering;
import dev.graft.task.sequence.TokenClassification;
import dev.graft.train.Planner;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Where adapters go in networks for text, and for which tasks. */
class TextTargetsTest {

  private static List<String> find(Model model, AdapterKind kind) {
    return Targets.find(model, kind, Settings.NONE.checked("x", kind.settings()));
  }

  private static String refusal(Runnable step) {
    return assertThrows(IllegalArgumentException.class, step::run).getMessage();
  }

  // ---- names ----

  @Test
  void queriesAndValuesOfLlama2cAreKnown() {
    try (Model model =
        TextNetworks.model(
            "LlamaForSequenceClassification", Map.of("parameter_names", "llama2.c"))) {
      assertEquals(
          List.of(
              "layers.0.attention.wq",
              "layers.0.attention.wv",
              "layers.1.attention.wq",
              "layers.1.attention.wv"),
          find(model, Lora.KIND));
      assertEquals(
          List.of(
              "layers.0.attention.wk",
              "layers.0.attention.wv",
              "layers.0.feed_forward.w2",
              "layers.1.attention.wk",
              "layers.1.attention.wv",
              "layers.1.feed_forward.w2"),
          find(model, Ia3.KIND));
    }
  }

  @Test
  void queriesAndValuesOfDebertaAreKnown() {
    try (Model model = TextNetworks.model("DebertaV2ForSequenceClassification")) {
      String first = "deberta.encoder.layer.0.attention.self.";
      String second = "deberta.encoder.layer.1.attention.self.";
      assertEquals(
          List.of(
              first + "query_proj",
              first + "value_proj",
              second + "query_proj",
              second + "value_proj"),
          find(model, Lora.KIND));
      assertTrue(find(model, Ia3.KIND).contains(first + "key_proj"));
    }
  }

  /** What LoRA, IA3 and the serial adapters go on by themselves, without the path of the block. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "T5ForConditionalGeneration | SelfAttention.q SelfAttention.v EncDecAttention.q"
            + " EncDecAttention.v | SelfAttention.k SelfAttention.v EncDecAttention.k"
            + " EncDecAttention.v DenseReluDense.wo | SelfAttention.o EncDecAttention.o"
            + " DenseReluDense.wo",
        "GPTNeoXForCausalLM | attention.query_key_value | attention.query_key_value"
            + " mlp.dense_4h_to_h | attention.dense mlp.dense_4h_to_h",
        "OPTForCausalLM | self_attn.q_proj self_attn.v_proj | self_attn.k_proj self_attn.v_proj fc2"
            + " | self_attn.out_proj fc2"
      })
  void publishedNamesAreKnown(String network, String lora, String ia3, String adapter) {
    try (Model model = TextNetworks.model(network)) {
      assertEquals(Set.of(lora.split(" ")), ends(find(model, Lora.KIND)));
      assertEquals(Set.of(ia3.split(" ")), ends(find(model, Ia3.KIND)));
      assertEquals(Set.of(adapter.split(" ")), ends(find(model, Houlsby.KIND)));
    }
  }

  private static Set<String> ends(List<String> paths) {
    return paths.stream()
        .map(path -> path.replaceFirst(".*?\\.\\d+\\.(layer\\.\\d+\\.)?", ""))
        .collect(Collectors.toSet());
  }

  // ---- ties ----

  @ParameterizedTest
  @CsvSource({
    "LlamaForCausalLM, embed_tokens, lm_head",
    "GPT2LMHeadModel, wte, lm_head",
    "BertForMaskedLM, word_embeddings, cls.predictions.decoder"
  })
  void theTableOfWordsIsRefusedWhereItIsTheHeadToo(String network, String table, String head) {
    Settings targets = Settings.of("targets", table);
    try (Model model = TextNetworks.model(network)) {
      AdapterSet set = AdapterSet.of(model);
      String message = refusal(() -> set.add("a", Lora.KIND, targets));
      assertTrue(message.contains(table + ".weight=[" + head + "]"), message);
      assertTrue(message.contains("exclude"), message);
      String plan = refusal(() -> plan("lora:targets=" + table, model, written(network)));
      assertTrue(plan.contains(head), plan);
      assertDoesNotThrow(() -> set.add("a", Lora.KIND, Settings.NONE));
    }
  }

  private static Task written(String network) {
    return network.startsWith("Bert")
        ? new MaskedLanguageModelling()
        : new CausalLanguageModelling();
  }

  @Test
  void theTableOfWordsIsATargetWhereTheHeadHasItsOwnWeights() {
    try (Model model =
        TextNetworks.model("LlamaForCausalLM", Map.of("tie_word_embeddings", false))) {
      AdapterSet.of(model).add("a", Lora.KIND, Settings.of("targets", "embed_tokens"));
    }
    try (Model model = TextNetworks.model("LlamaForSequenceClassification")) {
      AdapterSet.of(model).add("a", Lora.KIND, Settings.of("targets", "embed_tokens"));
    }
  }

  // ---- tokens that are added ----

  private static Plan plan(String method, Model model, Task task) {
    task.putHeadOn(model);
    Registry registry = Registry.load(TextTargetsTest.class.getClassLoader());
    Subject subject = new Subject(model, false, task, 50, "none");
    return Planner.plan(Planner.parse(method), 3, subject, registry);
  }

  static Stream<Arguments> tasksOfPositions() {
    String encoder = "BertForSequenceClassification";
    String decoder = "LlamaForCausalLM";
    Task tags = new TokenClassification(List.of("O", "B-x"));
    Task answers = new QuestionAnswering();
    return Stream.of(
        Arguments.of("prompt-tuning", encoder, tags),
        Arguments.of("prompt-tuning", encoder, answers),
        Arguments.of("prompt-tuning", decoder, new CausalLanguageModelling()),
        Arguments.of("vpt", encoder, tags),
        Arguments.of("vpt-deep", encoder, answers));
  }

  @ParameterizedTest
  @MethodSource("tasksOfPositions")
  void tokensAreNotAddedWhereTheHeadReadsPositions(String method, String network, Task task) {
    try (Model model = TextNetworks.model(network)) {
      String message = refusal(() -> plan(method, model, task));
      assertTrue(message.startsWith("method '" + method + "': the task is " + task.id()), message);
      assertTrue(message.contains("use prefix-tuning or lora here"), message);
      assertEquals(1, plan("prefix-tuning", model, task).phases().size());
      assertEquals(1, plan("lora", model, task).phases().size());
    }
  }

  @Test
  void tokensAreAddedWhereTheHeadReadsOneVector() {
    Task task = new Classification(List.of("a", "b"));
    try (Model model = TextNetworks.model("LlamaForCausalLM")) {
      assertEquals(1, plan("prompt-tuning", model, task).phases().size());
    }
  }

  /** There is a position for each word, and none for what stands in front. */
  @Test
  void positionsThatAreAddedBehindTheTableLeaveNoPlace() {
    try (Model model = TextNetworks.model("OPTForSequenceClassification")) {
      String message = refusal(() -> find(model, PromptTuning.KIND));
      assertTrue(message.contains("where the tokens"), message);
    }
  }
}
