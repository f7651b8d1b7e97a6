package dev.graft.text.preprocessing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.data.Preprocessing;
import dev.graft.data.SideFiles;
import dev.graft.tensor.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** At which token each word begins. */
class WordStartsTest {

  private static final String VOCABULARY =
      "[PAD] [UNK] [CLS] [SEP] [MASK] good film ##s . @ caf ##e".replace(' ', '\n');

  private static Preprocessing small(int length) throws IOException {
    SideFiles files =
        name ->
            name.equals("vocab.txt")
                ? Optional.of(VOCABULARY.getBytes(StandardCharsets.UTF_8))
                : Optional.empty();
    return new TextModality().preprocessing(Map.of("max_length", length), files);
  }

  private static long[] starts(int length, String text, String pair) throws IOException {
    var example = Texts.example("one", text, Optional.ofNullable(pair));
    return small(length).evalTransform().apply(example).get("word_starts").toLongs();
  }

  @Test
  void wordsAreWhatStandsBetweenWhiteSpace() throws IOException {
    // [CLS] good film ##s . @ good [SEP]
    assertArrayEquals(new long[] {1, 2, 5}, starts(16, "good films. @good", null));
    assertArrayEquals(new long[] {1, 2}, starts(16, "  good \t film ", null));
    assertArrayEquals(new long[] {}, starts(16, "  ", null));
  }

  @Test
  void charactersBeyondTheBasicPlaneCountOnce() throws IOException {
    // [CLS] [UNK] good caf ##e film [SEP]
    assertArrayEquals(
        new long[] {1, 2, 3, 5}, starts(16, "\uD83D\uDE00\uD83D\uDE00 good caf\u00E9 film", null));
  }

  @Test
  void wordsOfWhichNoTokenIsLeftAreLost() throws IOException {
    assertArrayEquals(new long[] {1, 2, -1, -1}, starts(4, "good film good film", null));
    assertArrayEquals(new long[] {1, -1, 2}, starts(16, "good \u200B film", null));
  }

  @Test
  void wordsOfTheSecondTextAreNotCounted() throws IOException {
    assertArrayEquals(new long[] {1}, starts(16, "good", "film good"));
  }

  @Test
  void batchesArePaddedWithNoWord() throws IOException {
    Preprocessing small = small(8);
    var one = small.evalTransform().apply(Texts.example("1", "good film", Optional.empty()));
    var two = small.evalTransform().apply(Texts.example("2", "film", Optional.empty()));
    try (Scope scope = Scope.open()) {
      var starts = small.collate(List.of(one, two)).get("word_starts");
      assertArrayEquals(new long[] {1, 2, 1, -2}, starts.toLongs());
      assertEquals(2, starts.size(0));
    }
  }

  @Test
  void wordsAreThoseThatAreCounted() throws IOException {
    var example = Texts.example("one", " good \u00A0 films.\n@good", Optional.empty());
    List<String> words = new TextModality().words(example);
    assertEquals(List.of("good", "\u00A0", "films.", "@good"), words);
    long[] starts = small(16).evalTransform().apply(example).get("word_starts").toLongs();
    assertEquals(words.size(), starts.length);
  }
}
