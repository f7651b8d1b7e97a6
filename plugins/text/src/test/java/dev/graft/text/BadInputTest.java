package dev.graft.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.data.CorruptExampleException;
import dev.graft.data.SideFiles;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.text.preprocessing.TextModality;
import dev.graft.text.preprocessing.TextPreprocessing;
import dev.graft.text.preprocessing.Texts;
import dev.graft.text.source.TextTableSource;
import dev.graft.text.token.SentencePiece;
import dev.graft.text.token.TextTokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not as it must be is an error in words, and never the end of the process. */
class BadInputTest {

  private static final String VOCABULARY =
      "[PAD] [UNK] [CLS] [SEP] [MASK] good bad film ##s".replace(' ', '\n');

  @TempDir private Path folder;

  private static SideFiles files(Map<String, String> contents) {
    return name ->
        Optional.ofNullable(contents.get(name)).map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  private static String refused(Map<String, String> contents) {
    return assertThrows(
            IOException.class, () -> new TextModality().preprocessing(Map.of(), files(contents)))
        .getMessage();
  }

  @Test
  void aFolderWithoutTokenizerSaysWhatWasLookedFor() {
    assertTrue(refused(Map.of()).contains("vocab.txt"), refused(Map.of()));
    assertTrue(refused(Map.of("vocab.txt", "a\nb")).contains("[PAD]"));
  }

  @Test
  void aModelOfNoFamilyIsRefusedWithThoseThereAre() {
    Registry registry = Registry.load(getClass().getClassLoader());
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> registry.modelSpec(Map.of("model_type", "mamba")))
            .getMessage();
    assertTrue(message.contains("mamba") && message.contains("bert, "), message);
  }

  @Test
  void aTokenizerOfAnotherModelIsRefused() {
    String message = refused(Map.of("vocab.txt", VOCABULARY, "config.json", "{\"vocab_size\": 5}"));
    assertTrue(message.contains("9") && message.contains("5"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{\"model\": {}}",
        "{\"model\": {\"type\": \"NoSuchModel\"}}",
        "{\"model\": {\"type\": \"WordPiece\", \"vocab\": {\"a\": -1}}}",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [\"x y\"]}}",
        "{\"model\": {\"type\": \"Unigram\", \"vocab\": [], \"unk_id\": 7}}"
      })
  void brokenTokenizersAreRefused(String json) {
    assertThrows(IllegalArgumentException.class, () -> TextTokenizer.of(json, 8));
  }

  @Test
  void brokenSentencePieceModelsAreRefused() {
    for (byte[] bytes :
        new byte[][] {{}, {10, 100, 1}, {-1, -1, -1}, "hello".getBytes(StandardCharsets.UTF_8)}) {
      assertThrows(IOException.class, () -> SentencePiece.json(bytes));
    }
  }

  @Test
  void longTextsAreTruncatedAndOddOnesRead() throws IOException {
    TextPreprocessing small =
        (TextPreprocessing)
            new TextModality()
                .preprocessing(Map.of("max_length", 6), files(Map.of("vocab.txt", VOCABULARY)));
    String longText = "good film ".repeat(1_000);
    for (String text : new String[] {longText, "", "\u0000", "\uD800", "\uDBFF\uDFFF\uDC00"}) {
      var encoded = small.evalTransform().apply(Texts.example("one", text, Optional.empty()));
      assertTrue(encoded.get("input_ids").count() <= 6, text);
    }
    byte[] broken = {'a', (byte) 0xFF, 'b'};
    assertThrows(CorruptExampleException.class, () -> new TextModality().decode("one", broken));
  }

  @Test
  void badRowsAreNamedOrLeftOut() throws IOException {
    Path file = folder.resolve("train.tsv");
    Files.writeString(file, "label\ttext\n0\tgood\n1\tbad\n1\n0\t \n1\tfine\n");
    TextTableSource source = new TextTableSource();
    String message =
        assertThrows(IOException.class, () -> source.open(file, Settings.NONE)).getMessage();
    assertTrue(message.startsWith("2 of 5 rows of 'train.tsv'"), message);
    assertTrue(message.contains("line 4") && message.contains("line 5"), message);
    assertEquals(3, source.open(file, Settings.of("bad_rows", "skip")).training().size());
  }

  @Test
  void otherFilesAreRefusedInWords() throws IOException {
    TextTableSource source = new TextTableSource();
    Path empty = Files.writeString(folder.resolve("empty.tsv"), "");
    assertThrows(IOException.class, () -> source.open(empty, Settings.NONE));
    Path broken =
        Files.write(folder.resolve("broken.tsv"), new byte[] {'t', '\n', (byte) 0xC3, '\n'});
    String encoding =
        assertThrows(IOException.class, () -> source.open(broken, Settings.NONE)).getMessage();
    assertTrue(encoding.contains("no UTF-8: line 2"), encoding);
    Path parts = Files.createDirectory(folder.resolve("parts"));
    Files.writeString(parts.resolve("train.tsv"), "label\ttext\n0\tgood\n1\tbad\n");
    Files.writeString(parts.resolve("test.tsv"), "label\ttext\n7\tgood\n");
    String message =
        assertThrows(IOException.class, () -> source.open(parts, Settings.NONE)).getMessage();
    assertTrue(message.contains("'7' is none of the labels [0, 1]"), message);
  }
}
