package dev.graft.text.family;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.Base;
import dev.graft.layers.Module;
import dev.graft.layers.Taps;
import dev.graft.model.Model;
import dev.graft.registry.Registry;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.DType;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.SharedFolder;
import dev.graft.text.preprocessing.TextPreprocessing;
import dev.graft.text.preprocessing.Texts;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The small pretrained encoder, against the values that were published with it. */
class BertTinyTest {

  private static final double TOLERANCE = 1e-4;

  private static Path folder() {
    return SharedFolder.require("models/bert-tiny-imdb");
  }

  private static Base base() throws IOException {
    return Base.open(folder(), Map.of(), Registry.load(BertTinyTest.class.getClassLoader()));
  }

  @Test
  void hiddenStatesAndMaskedWordsAreThePublishedOnes() throws IOException {
    Weights parity = Weights.open(folder().resolve("parity.safetensors"));
    try (Model model = base().pretrained();
        Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      NamedTensors inputs =
          NamedTensors.of(
              Map.of(
                  "input_ids", Tensor.of(parity.get("input_ids")).to(DType.INT64),
                  "attention_mask", Tensor.of(parity.get("attention_mask")).to(DType.INT64)));
      Module last = model.modules().get("bert.encoder.layer.1");
      Tensor[] hidden = new Tensor[1];
      Tensor logits;
      try (Taps taps =
          Taps.set(
              (module, output) -> {
                hidden[0] = module == last ? output : hidden[0];
                return output;
              })) {
        logits = model.forward(inputs).get("logits");
      }
      Tensor mask = inputs.get("attention_mask").to(DType.FLOAT32).unsqueeze(2);
      assertClose(Tensor.of(parity.get("hidden")).mul(mask), hidden[0].mul(mask));
      long[] positions = Tensor.of(parity.get("mask_positions")).to(DType.INT64).toLongs();
      Tensor expected = Tensor.of(parity.get("mlm_logits_at_masks"));
      for (int i = 0; i < positions.length; i += 2) {
        Tensor row = logits.select(0, positions[i]).select(0, positions[i + 1]);
        assertClose(expected.select(0, i / 2), row);
      }
    }
  }

  private static void assertClose(Tensor expected, Tensor actual) {
    double worst = expected.sub(actual).abs().max().item();
    assertTrue(worst <= TOLERANCE * expected.abs().max().item(), "differs by " + worst);
  }

  @Test
  void tokensAreThePublishedOnes() throws IOException {
    List<String> lines = Files.readAllLines(folder().resolve("parity.txt"));
    int at = lines.indexOf("tokenisation example:");
    TextPreprocessing preprocessing = (TextPreprocessing) base().preprocessing();
    var tokens = preprocessing.tokenizer().encode(lines.get(at + 1), Optional.empty(), false);
    assertEquals(List.of(lines.get(at + 2).split(" ")), tokens.texts());
    long[] ids = Arrays.stream(lines.get(at + 3).split(" ")).mapToLong(Long::parseLong).toArray();
    assertArrayEquals(ids, tokens.ids());
    var encoded =
        preprocessing
            .evalTransform()
            .apply(Texts.example("one", lines.get(at + 1), Optional.empty()));
    assertEquals(ids.length + 2, encoded.get("input_ids").count());
  }
}
