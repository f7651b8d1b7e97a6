package dev.graft.adapters;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.graft.adapters.lowrank.Lora;
import dev.graft.adapters.prompt.PrefixTuning;
import dev.graft.adapters.prompt.PromptTuning;
import dev.graft.model.Model;
import dev.graft.plan.Settings;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.text.block.KeyValues;
import dev.graft.text.block.Pass;
import dev.graft.text.block.WordModel;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters in networks for text: an encoder, decoders, one with fewer heads of keys. */
class TextAdaptersTest {

  private static final List<String> NETWORKS =
      List.of(
          "BertForSequenceClassification",
          "GPT2ForSequenceClassification",
          "LlamaForSequenceClassification");

  static Stream<Arguments> cases() {
    return NETWORKS.stream()
        .flatMap(
            network ->
                Stream.of(PrefixTuning.KIND, PromptTuning.KIND, Lora.KIND)
                    .map(kind -> Arguments.of(network, kind)));
  }

  /** Logits of one text, behind which there is padding or not. */
  private static float[] logits(Model model, int padding) {
    long[] ids = Arrays.copyOf(new long[] {2, 5, 6, 3}, 4 + padding);
    long[] mask = Arrays.copyOf(new long[] {1, 1, 1, 1}, 4 + padding);
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      NamedTensors inputs =
          NamedTensors.of(
              Map.of(
                  "input_ids", Tensor.of(ids, 1, ids.length),
                  "attention_mask", Tensor.of(mask, 1, mask.length)));
      return model.forward(inputs).get("logits").toFloats();
    }
  }

  private static void change(AdapterSet set) {
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      set.parameters("a")
          .values()
          .forEach(own -> own.values().forEach(t -> t.addInPlace(Tensor.randn(t.shape()), 1)));
    }
  }

  /** What is added has an effect, and padding has none, as without it. */
  @ParameterizedTest
  @MethodSource("cases")
  void whatIsAddedIsSeenAndPaddingIsNot(String network, AdapterKind kind) {
    try (Model model = TextNetworks.model(network)) {
      float[] untouched = logits(model, 0);
      assertArrayEquals(untouched, logits(model, 3), 1e-5f);
      AdapterSet set = AdapterSet.of(model);
      set.add("a", kind, Settings.NONE);
      set.activate("a");
      change(set);
      float[] adapted = logits(model, 0);
      assertFalse(Arrays.equals(untouched, adapted));
      assertArrayEquals(adapted, logits(model, 3), 1e-5f);
      set.deactivate("a");
      assertArrayEquals(untouched, logits(model, 0));
    }
  }

  /** GPT-2 keeps its weights as (in, out); what is merged goes there and comes back. */
  @ParameterizedTest
  @ValueSource(strings = {"GPT2ForSequenceClassification", "LlamaForSequenceClassification"})
  void whatIsMergedIsTheSameAndIsGivenBack(String network) {
    try (Model model = TextNetworks.model(network)) {
      AdapterSet set = AdapterSet.of(model);
      set.add("a", Lora.KIND, Settings.of("targets", "all"));
      set.activate("a");
      change(set);
      float[] adapted = logits(model, 0);
      Map<String, HostTensor> before = state(model);
      assertEquals(0, set.merge().largestError());
      assertArrayEquals(adapted, logits(model, 0), 1e-4f);
      assertNotEquals(before, state(model));
      set.unmerge();
      assertEquals(before, state(model));
      assertArrayEquals(adapted, logits(model, 0));
    }
  }

  private static Map<String, HostTensor> state(Model model) {
    Map<String, HostTensor> state = new TreeMap<>();
    model.state().forEach((name, tensor) -> state.put(name, tensor.toHost()));
    return state;
  }

  /** Word after word with what is kept of earlier ones, as in one pass over all. */
  @ParameterizedTest
  @ValueSource(strings = {"GPT2LMHeadModel", "LlamaForCausalLM"})
  void aPrefixAndLoraServeAModelThatWrites(String network) {
    for (AdapterKind kind : List.of(PrefixTuning.KIND, Lora.KIND)) {
      try (Model model = TextNetworks.model(network)) {
        AdapterSet set = AdapterSet.of(model);
        float[] untouched = next(model);
        set.add("a", kind, Settings.NONE);
        set.activate("a");
        change(set);
        float[] adapted = next(model);
        assertFalse(Arrays.equals(untouched, adapted));
        float[] all = logits(model, 0);
        assertArrayEquals(
            Arrays.copyOfRange(all, all.length - adapted.length, all.length), adapted, 1e-5f);
      }
    }
  }

  /** Logits of the word behind the text of {@link #logits}, which is read word by word. */
  private static float[] next(Model model) {
    WordModel words = (WordModel) model.network();
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off();
        KeyValues cache = new KeyValues()) {
      Tensor logits = null;
      for (long id : new long[] {2, 5, 6, 3}) {
        logits = words.next(Tensor.of(new long[] {id}, 1, 1), Pass.PLAIN.withCache(cache));
      }
      return logits.toFloats();
    }
  }

  /** Keys of fewer heads are shorter, and so is what stands in front of them. */
  @ParameterizedTest
  @MethodSource("widths")
  void aPrefixIsAsWideAsTheKeys(String network, long width) {
    try (Model model = TextNetworks.model(network)) {
      AdapterSet set = AdapterSet.of(model);
      set.add("a", PrefixTuning.KIND, Settings.of("tokens", 3));
      List<Map<String, Tensor>> all = List.copyOf(set.parameters("a").values());
      assertEquals(4, all.size());
      all.forEach(own -> assertArrayEquals(new long[] {3, width}, own.get("prefix").shape()));
    }
  }

  static Stream<Arguments> widths() {
    return Stream.of(
        Arguments.of("BertForSequenceClassification", 8),
        Arguments.of("GPT2ForSequenceClassification", 8),
        Arguments.of("LlamaForSequenceClassification", 4));
  }
}
