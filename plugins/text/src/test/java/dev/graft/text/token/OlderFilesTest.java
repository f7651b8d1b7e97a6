package dev.graft.text.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The files from before {@code tokenizer.json}: whose they are says what their ids are. */
class OlderFilesTest {

  private static final byte[] LETTERS =
      "{\"<s>\": 0, \"<pad>\": 1, \"</s>\": 2, \"<unk>\": 3, \"a\": 4, \"b\": 5, \"ab\": 6, \"\u0120\": 7, \"\u0120a\": 8}"
          .getBytes(UTF_8);
  private static final Map<String, byte[]> PAIRS =
      Map.of("vocab.json", LETTERS, "merges.txt", "#version: 0.2\na b\n\u0120 a\n".getBytes(UTF_8));
  private static final byte[] FAIRSEQ = PieceModel.of("<unk>", "<s>", "</s>", "▁good", "▁film");
  private static final byte[] ALBERT =
      PieceModel.of("<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]", "▁good", "▁cafe", "▁\"a\"");

  private static String json(Map<String, byte[]> files, Map<String, Object> config)
      throws IOException {
    return new TokenizerFiles(name -> Optional.ofNullable(files.get(name)), config).json();
  }

  private static TextTokenizer tokenizer(Map<String, byte[]> files, Map<String, Object> config)
      throws IOException {
    return TextTokenizer.of(json(files, config), 64);
  }

  private static void ids(
      Map<String, byte[]> files, Map<String, Object> config, String text, long... expected)
      throws IOException {
    try (TextTokenizer tokenizer = tokenizer(files, config)) {
      assertArrayEquals(expected, tokenizer.encode(text, Optional.empty()).ids(), text);
    }
  }

  private static void pair(Map<String, byte[]> files, Map<String, Object> config, long... expected)
      throws IOException {
    try (TextTokenizer tokenizer = tokenizer(files, config)) {
      Tokens tokens = tokenizer.encode("good", Optional.of("film"));
      assertArrayEquals(expected, tokens.ids());
      assertArrayEquals(new long[expected.length], tokens.segments(), "one segment");
    }
  }

  private static void refused(
      Map<String, byte[]> files, Map<String, Object> config, String... says) {
    String message = assertThrows(IOException.class, () -> json(files, config)).getMessage();
    for (String part : says) {
      assertTrue(message.contains(part), message);
    }
  }

  private static Map<String, Object> type(String type) {
    return Map.of("model_type", type);
  }

  @Test
  void byteLevelPairsStandInWhatTheirModelReads() throws IOException {
    ids(PAIRS, type("opt"), "ab", 2, 6);
    ids(PAIRS, type("gpt2"), "ab", 6);
    ids(PAIRS, type("roberta"), "ab", 0, 6, 2);
    ids(PAIRS, type("bart"), "ab", 0, 6, 2);
    Map<String, Object> opt = new HashMap<>(type("opt"));
    opt.put("tokenizer_class", "GPT2Tokenizer");
    ids(PAIRS, opt, "ab", 2, 6);
    opt.put("add_bos_token", false);
    ids(PAIRS, opt, "ab", 6);
    opt.put("add_eos_token", true);
    ids(PAIRS, opt, "ab", 6, 2);
  }

  @Test
  void whatATokenizerSaysOfItselfCounts() throws IOException {
    Map<String, Object> config = new HashMap<>(type("gpt2"));
    config.put("add_bos_token", true);
    refused(PAIRS, config, "'<|endoftext|>'", "bos_token");
    Map<String, byte[]> files = new HashMap<>(PAIRS);
    files.put("special_tokens_map.json", "{\"bos_token\": {\"content\": \"<s>\"}}".getBytes(UTF_8));
    ids(files, config, "ab", 0, 6);
    config.put("bos_token", "</s>");
    ids(files, config, "ab", 2, 6);
    config.put("add_prefix_space", true);
    ids(files, config, "a", 2, 8);
  }

  @Test
  void pairsThatAreSplitInAnotherWayAreRefused() {
    refused(PAIRS, type("qwen2"), "'qwen2'", "GPT-2, OPT, RoBERTa and BART", "tokenizer.json");
    refused(PAIRS, Map.of(), "model_type 'null'");
  }

  @Test
  void piecesOfXlmRFollowBehindTheTokensOfFairseq() throws IOException {
    Map<String, byte[]> files = Map.of("sentencepiece.bpe.model", FAIRSEQ);
    ids(files, type("xlm-roberta"), "good film", 0, 4, 5, 2);
    ids(files, type("xlm-roberta"), "good <mask> good", 0, 4, 6, 4, 2);
    ids(files, type("xlm-roberta"), "film \u2603", 0, 5, 3, 2);
    pair(files, type("xlm-roberta"), 0, 4, 2, 2, 5, 2);
    Map<String, Object> small = new HashMap<>(type("bert"));
    small.put("tokenizer_class", "XLMRobertaTokenizer");
    ids(files, small, "good", 0, 4, 2);
    try (TextTokenizer tokenizer = tokenizer(files, type("xlm-roberta"))) {
      assertEquals(7, tokenizer.vocabularySize());
      assertEquals(OptionalLong.of(1), tokenizer.special("<pad>"));
      assertEquals("good film", tokenizer.decode(new long[] {0, 4, 5, 2}, true));
    }
  }

  @Test
  void camembertHasItsOwnTokensBehindThoseOfFairseq() throws IOException {
    Map<String, byte[]> files = Map.of("sentencepiece.bpe.model", FAIRSEQ);
    ids(files, type("camembert"), "good film", 5, 7, 8, 6);
    ids(files, type("camembert"), "\u2603 <mask>", 5, 3, 9, 6);
    pair(files, type("camembert"), 5, 7, 6, 6, 8, 6);
  }

  @Test
  void otherModelsUnderTheNameOfXlmRAreRefused() {
    Map<String, byte[]> files = Map.of("sentencepiece.bpe.model", FAIRSEQ);
    refused(files, type("mbart"), "'mbart'", "XLM-R and CamemBERT", "tokenizer.json");
    refused(
        Map.of("sentencepiece.bpe.model", ALBERT), type("xlm-roberta"), "[<pad>, <unk>, [CLS]]");
    refused(Map.of("spiece.model", ALBERT), type("xlnet"), "'xlnet'", "tokenizer.json");
  }

  @Test
  void albertReadsSmallLettersWithoutAccents() throws IOException {
    Map<String, byte[]> files = Map.of("spiece.model", ALBERT);
    ids(files, type("albert"), "Good\n CAFÉ ``A''", 2, 5, 6, 7, 3);
    ids(files, type("albert"), "good [MASK] good", 2, 5, 4, 5, 3);
    Map<String, Object> large = new HashMap<>(type("albert"));
    large.put("do_lower_case", false);
    ids(files, large, "Good café", 2, 1, 6, 3);
    large.put("keep_accents", true);
    ids(files, large, "good café", 2, 5, 1, 3);
  }
}
