package dev.graft.text.vectors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.Base;
import dev.graft.layers.Embedding;
import dev.graft.model.Model;
import dev.graft.registry.Registry;
import dev.graft.spi.ModelFamily;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.SharedFolder;
import dev.graft.testkit.contract.ModelFamilyContract;
import dev.graft.text.preprocessing.TextPreprocessing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorFamiliesTest {

  private abstract static class Contract extends ModelFamilyContract {

    @Override
    protected Map<String, Object> config() {
      return Map.of("model_type", family().about().id(), "words", 8, "embedding_size", 4);
    }

    /** 8 is a word without vector, 9 padding. */
    @Override
    protected NamedTensors inputs() {
      return NamedTensors.of(
          Map.of(
              "input_ids", Tensor.of(new long[] {2, 5, 8, 3, 2, 7, 3, 9}, 2, 4),
              "attention_mask", Tensor.of(new long[] {1, 1, 1, 1, 1, 1, 1, 0}, 2, 4)));
    }
  }

  @Nested
  class BagContract extends Contract {
    @Override
    protected ModelFamily family() {
      return new BagOfEmbeddings();
    }
  }

  @Nested
  class AwdLstmContract extends Contract {
    @Override
    protected ModelFamily family() {
      return new AwdLstm();
    }
  }

  @TempDir private Path folder;

  /** The shared vectors, with the configuration that a user writes beside them. */
  private Base glove(String family) throws IOException {
    Path vectors = SharedFolder.require("models/glove-6b-50d-5k");
    for (String name : List.of("vocab.txt", "model.safetensors")) {
      Files.copy(vectors.resolve(name), folder.resolve(name));
    }
    Files.writeString(
        folder.resolve("config.json"),
        "{\"model_type\": \"%s\", \"words\": 5050, \"embedding_size\": 50}".formatted(family));
    return Base.open(folder, Map.of(), Registry.load(getClass().getClassLoader()));
  }

  private static long[] ids(Base base, String text) {
    return ((TextPreprocessing) base.preprocessing())
        .tokenizer()
        .encode(text, Optional.empty())
        .ids();
  }

  /** king - man + woman is nearest to queen, paris - france + italy to rome. */
  @Test
  void analogiesAreThoseOfTheVectors() throws IOException {
    Base base = glove("bag-of-embeddings");
    try (Model model = base.pretrained();
        Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      Tensor table = ((Embedding) model.modules().get("embedding")).weight();
      assertEquals(ids(base, "queen")[0], nearest(table, ids(base, "king man woman")));
      assertEquals(ids(base, "rome")[0], nearest(table, ids(base, "Paris France Italy")));
    }
  }

  private static long nearest(Tensor table, long[] words) {
    Tensor unit = table.div(table.pow(2).sum(true, 1).sqrt());
    Tensor wanted =
        unit.select(0, words[0]).sub(unit.select(0, words[1])).add(unit.select(0, words[2]));
    Tensor scores = unit.matmul(wanted.unsqueeze(1)).squeeze(1);
    for (long word : words) {
      scores.select(0, word).fillInPlace(-10);
    }
    return (long) scores.argmax(0).item();
  }

  @Test
  void wordsAreSplitAsThoseOfTheVectorsWere() throws IOException {
    Base base = glove("bag-of-embeddings");
    assertEquals(
        List.of("do", "n't", "you", "see", "?", "it", "'s", "1.5", "u.s.", "[UNK]"),
        ((TextPreprocessing) base.preprocessing())
            .tokenizer()
            .encode("Don't you see?  it's 1.5 u.s. qwxyz", Optional.empty())
            .texts());
  }

  @Test
  void theTokenizerIsClosedWithItsBase() throws IOException {
    Base base = glove("bag-of-embeddings");
    base.close();
    assertThrows(IllegalStateException.class, () -> ids(base, "king"));
  }

  /** Neither padding nor an unknown word changes what a bag makes of a text, nor their number. */
  @Test
  void onlyKnownWordsCount() throws IOException {
    Base base = glove("bag-of-embeddings");
    try (Model model = base.pretrained();
        Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      float[] plain = logits(model, 1, 2);
      assertArrayEquals(plain, logits(model, 1, 2, 5050, 5051), 1e-6f);
      assertArrayEquals(logits(model, 5050), logits(model, 5051, 5050), 1e-6f);
      String message =
          assertThrows(IllegalArgumentException.class, () -> logits(model, 5052)).getMessage();
      assertTrue(message.contains("5052") && message.contains("5050"), message);
    }
  }

  private static float[] logits(Model model, long... ids) {
    NamedTensors inputs = NamedTensors.of("input_ids", Tensor.of(ids, 1, ids.length));
    return model.forward(inputs).get("logits").toFloats();
  }

  /** The recurrent layers start at random: the file has vectors alone. */
  @Test
  void layersBehindTheVectorsStartAtRandom() throws IOException {
    try (Model model = glove("awd-lstm").pretrained()) {
      assertEquals(
          List.of("embeddings", "rnns.0", "rnns.1", "head"),
          model.groups().stream().map(group -> group.name()).toList());
    }
  }

  /** The fused layer against its definition, position by position. */
  @Test
  void theRecurrentLayerIsItsDefinition() {
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off();
        Lstm lstm = new Lstm(3, 2, 0.5)) {
      lstm.parameters()
          .values()
          .forEach(w -> w.tensor().copyInPlace(Tensor.randn(w.tensor().shape())));
      lstm.setTraining(false);
      Tensor x = Tensor.randn(2, 4, 3);
      float[] expected = defined(lstm, x).toFloats();
      assertArrayEquals(expected, lstm.apply(x).toFloats(), 1e-5f);
    }
  }

  private static Tensor defined(Lstm lstm, Tensor x) {
    Tensor state = Tensor.zeros(2, 2);
    Tensor cell = Tensor.zeros(2, 2);
    List<Tensor> states = new java.util.ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Tensor gates =
          Nn.linear(x.select(1, t), weight(lstm, "weight_ih_l0"), weight(lstm, "bias_ih_l0"))
              .add(Nn.linear(state, weight(lstm, "weight_hh_l0"), weight(lstm, "bias_hh_l0")));
      Tensor input = Nn.sigmoid(gates.narrow(1, 0, 2));
      Tensor forget = Nn.sigmoid(gates.narrow(1, 2, 2));
      Tensor fresh = Nn.tanh(gates.narrow(1, 4, 2));
      Tensor output = Nn.sigmoid(gates.narrow(1, 6, 2));
      cell = forget.mul(cell).add(input.mul(fresh));
      state = output.mul(Nn.tanh(cell));
      states.add(state);
    }
    return Tensor.stack(states, 1);
  }

  private static Tensor weight(Lstm lstm, String name) {
    return lstm.parameters().get(name).tensor();
  }
}
