package dev.graft.text.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.data.SideFiles;
import dev.graft.testkit.SharedFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TextTokenizerTest {

  private static final String VOCABULARY =
      "[PAD] [UNK] [CLS] [SEP] [MASK] a b c d".replace(' ', '\n');

  @Test
  void aClosedTokenizerSaysSo() throws IOException {
    TextTokenizer tokenizer = TextTokenizer.of(WordPiece.json(VOCABULARY, true), 8);
    tokenizer.close();
    tokenizer.close();
    String message =
        assertThrows(IllegalStateException.class, () -> tokenizer.encode("a", Optional.empty()))
            .getMessage();
    assertTrue(message.contains("closed"), message);
    assertThrows(IllegalStateException.class, () -> tokenizer.decode(new long[] {5}, true));
  }

  /** From the longer one token after another goes, of equal ones from the second. */
  @Test
  void pairsAreTruncatedAtTheirEnds() throws IOException {
    try (TextTokenizer tokenizer = TextTokenizer.of(WordPiece.json(VOCABULARY, true), 6)) {
      Tokens tokens = tokenizer.encode("a b c d", Optional.of("d c"));
      assertEquals(List.of("[CLS]", "a", "b", "[SEP]", "d", "[SEP]"), tokens.texts());
      assertArrayEquals(new long[] {0, 0, 0, 0, 1, 1}, tokens.segments());
      assertEquals(6, tokenizer.encode("a b c d a b c d", Optional.empty()).size());
    }
  }

  @Test
  void aSecondTextThatIsTooLongComesInPartsThatOverlap() throws IOException {
    String first = "a b";
    String second = "c d ".repeat(20).strip();
    try (TextTokenizer tokenizer = TextTokenizer.of(WordPiece.json(VOCABULARY, true), 23)) {
      List<Tokens> parts = tokenizer.encodeInParts(first, second);
      assertEquals(List.of(23, 23, 21), sizes(parts));
      List<Integer> begins = new ArrayList<>();
      for (Tokens part : parts) {
        assertEquals(List.of("[CLS]", "a", "b", "[SEP]"), part.texts().subList(0, 4));
        assertEquals("[SEP]", part.texts().get(part.size() - 1));
        for (int i = 4; i < part.size() - 1; i++) {
          assertEquals(second.substring(part.begins()[i], part.ends()[i]), part.texts().get(i));
        }
        begins.add(part.begins()[4]);
      }
      // 18 tokens of two characters in each, the last six of which come again.
      assertEquals(List.of(0, 24, 48), begins);
      assertEquals(second.length(), parts.get(2).ends()[parts.get(2).size() - 2]);
      assertEquals(List.of(7), sizes(tokenizer.encodeInParts(first, "c d")));
      // Room for 15 is too little for parts, so the pair is truncated.
      assertEquals(List.of(23), sizes(tokenizer.encodeInParts("a b a b a", second)));
    }
  }

  private static List<Integer> sizes(List<Tokens> parts) {
    return parts.stream().map(Tokens::size).toList();
  }

  /** Pieces of a model with ids of their own, as Marian publishes them. */
  @Test
  void aVocabularyBesideAModelGivesTheIds() throws IOException {
    byte[] model =
        Files.readAllBytes(
            SharedFolder.requireGolden("tokenisation").resolve("test_sentencepiece.model"));
    Map<String, byte[]> files =
        Map.of(
            "source.spm",
            model,
            "vocab.json",
            "{\"</s>\": 0, \"<unk>\": 1, \"\u2581This\": 2, \"\u2581is\": 3, \"\u2581a\": 4, \"\u2581t\": 5, \"est\": 6, \">>fra<<\": 7, \"<pad>\": 8}"
                .getBytes(StandardCharsets.UTF_8));
    SideFiles folder = name -> Optional.ofNullable(files.get(name));
    String json = new TokenizerFiles(folder, Map.of()).json();
    try (TextTokenizer tokenizer = TextTokenizer.of(json, 20)) {
      // As MarianTokenizer of transformers 5.18.0 gives them.
      assertArrayEquals(
          new long[] {2, 3, 4, 5, 6, 0},
          tokenizer.encode("This is a test", Optional.empty()).ids());
      assertArrayEquals(
          new long[] {7, 2, 3, 0}, tokenizer.encode(">>fra<< This is", Optional.empty()).ids());
      assertEquals("This is a test", tokenizer.decode(new long[] {2, 3, 4, 5, 6, 0}, true));
    }
    Map<String, byte[]> broken =
        Map.of(
            "source.spm",
            model,
            "vocab.json",
            "{\"</s>\": 0, \"<unk>\": 5}".getBytes(StandardCharsets.UTF_8));
    String message =
        assertThrows(
                IOException.class,
                () ->
                    new TokenizerFiles(name -> Optional.ofNullable(broken.get(name)), Map.of())
                        .json())
            .getMessage();
    assertTrue(message.contains("'<unk>' has the id 5"), message);
  }
}
