package dev.graft.text.preprocessing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.data.SideFiles;
import dev.graft.tensor.HostTensor;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a folder says of lengths, segments and ends, and a bundle after it. */
class TextRulesTest {

  private static final String VOCABULARY = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\ngood\nfilm";

  /** A file by its name, empty where nothing is given. */
  private static SideFiles files(Map<String, String> contents) {
    return name ->
        name.equals("vocab.txt")
            ? Optional.of(VOCABULARY.getBytes(UTF_8))
            : Optional.ofNullable(contents.get(name)).map(text -> text.getBytes(UTF_8));
  }

  private static TextPreprocessing of(Map<String, String> contents) throws IOException {
    return (TextPreprocessing) new TextModality().preprocessing(Map.of(), files(contents));
  }

  private static TextPreprocessing bundled(TextPreprocessing first) throws IOException {
    Map<String, byte[]> kept = first.files();
    return (TextPreprocessing)
        new TextModality()
            .preprocessing(first.settings(), name -> Optional.ofNullable(kept.get(name)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{}; {}; 512",
        "{}; {\"model_max_length\": 1e30}; 512",
        "{}; {\"model_max_length\": 100}; 100",
        "{\"max_position_embeddings\": 4096}; {}; 4096",
        "{\"max_position_embeddings\": 4096}; {\"model_max_length\": 1e30}; 4096",
        "{\"max_position_embeddings\": 4096}; {\"model_max_length\": 1024}; 1024",
        "{\"n_positions\": 1024}; {}; 1024",
        "{\"model_type\": \"roberta\", \"max_position_embeddings\": 514}; {}; 512",
        "{\"model_type\": \"camembert\", \"max_position_embeddings\": 514}; {}; 512",
        "{\"model_type\": \"roberta\", \"max_position_embeddings\": 514, \"pad_token_id\": 0}; {};"
            + " 513"
      })
  void theNetworkSaysHowLongTextsMayBe(String config, String tokenizer, int length)
      throws IOException {
    try (TextPreprocessing texts =
        of(Map.of("config.json", config, "tokenizer_config.json", tokenizer))) {
      assertEquals(length, texts.maxLength());
    }
  }

  @Test
  void segmentsAreThoseOfTheNetwork() throws IOException {
    Map<String, HostTensor> row =
        Map.of(
            "input_ids", HostTensor.of(new long[] {5}, 1),
            "token_type_ids", HostTensor.of(new long[] {1}, 1));
    try (TextPreprocessing one = of(Map.of("config.json", "{\"type_vocab_size\": 1}"));
        TextPreprocessing kept = bundled(one);
        TextPreprocessing two = of(Map.of("config.json", "{\"type_vocab_size\": 2}"));
        TextPreprocessing none = of(Map.of("config.json", "{\"type_vocab_size\": 0}"))) {
      for (TextPreprocessing texts : new TextPreprocessing[] {one, kept}) {
        refusesSegment(() -> texts.ofTensors("x", row));
        var pair = Texts.example("x", "good", Optional.of("film"));
        refusesSegment(() -> texts.evalTransform().apply(pair));
      }
      assertEquals(1, two.ofTensors("x", row).get("token_type_ids").toLongs()[0]);
      assertEquals(1, none.ofTensors("x", row).get("token_type_ids").toLongs()[0], "not read");
    }
  }

  private static void refusesSegment(org.junit.jupiter.api.function.Executable work) {
    String message = assertThrows(IllegalArgumentException.class, work).getMessage();
    assertTrue(message.contains("'token_type_ids' is 1; they go from 0 to 0"), message);
  }

  @Test
  void endsAreThoseOfTheFolder() throws IOException {
    Map<String, String> contents = new HashMap<>(Map.of("config.json", "{\"eos_token_id\": 5}"));
    try (TextPreprocessing texts = of(contents)) {
      assertEquals(Set.of(5L), texts.ends());
    }
    contents.put("generation_config.json", "{\"eos_token_id\": [6, 3]}");
    try (TextPreprocessing texts = of(contents);
        TextPreprocessing kept = bundled(texts)) {
      assertEquals(Set.of(6L, 3L), texts.ends());
      assertEquals(texts.ends(), kept.ends());
      assertEquals(texts.settings(), kept.settings());
    }
    try (TextPreprocessing texts = of(Map.of())) {
      assertArrayEquals(
          new Object[] {"max_length", "pad_token_id", "tokenizer_sha256", "unk_token_id"},
          texts.settings().keySet().toArray(),
          "what is usual is not said");
    }
  }
}
