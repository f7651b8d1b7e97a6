package dev.graft.text.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.data.DataParts;
import dev.graft.data.Dataset;
import dev.graft.data.TargetKind;
import dev.graft.plan.Settings;
import dev.graft.testkit.SharedFolder;
import dev.graft.text.preprocessing.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Targets that are more than one number, as the sources read them. */
class SourcesTest {

  @TempDir private Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private static String text(Dataset data, int index) throws IOException {
    return Texts.text(data.load(index));
  }

  @Test
  void wordsHaveTheirTags() throws IOException {
    Path conll = file("a.conll", "-DOCSTART- -X- O\n\nAnn NNP B-p\nran VBD O\n\n\nRome NNP B-q\n");
    Dataset data = new ConllSource().open(conll, Settings.NONE).training();
    assertEquals(TargetKind.TAGS, data.targetKind());
    assertEquals(List.of("B-p", "B-q", "O"), data.classes());
    assertEquals("Ann ran", text(data, 0));
    assertArrayEquals(new double[] {0, 2}, data.targetRow(0));
    assertArrayEquals(new double[] {1}, data.targetRow(1));
    assertEquals("a.conll:7", data.id(1));
    assertArrayEquals(
        new double[] {2, 0}, data.relabelled(List.of("O", "B-q", "B-p")).targetRow(0));
  }

  @Test
  void sentencesThatCannotBeUsedAreNamedOrLeftOut() throws IOException {
    Path conll = file("a.conll", "Ann\tB-p\n\nran\n\nto day\tO\n\nhe\tO\n");
    String message =
        assertThrows(IOException.class, () -> new ConllSource().open(conll, Settings.NONE))
            .getMessage();
    assertTrue(message.startsWith("2 of 4 rows of 'a.conll'"), message);
    assertTrue(message.contains("line 3") && message.contains("'to day' is no word"), message);
    Settings skip = Settings.of("bad_rows", "skip");
    assertEquals(2, new ConllSource().open(conll, skip).training().size());
  }

  @Test
  void tagsOfTheTestPartAreThoseOfTheTrainingPart() throws IOException {
    file("train.conll", "Ann\tB-p\nran\tO\n");
    file("test.conll", "Rome\tB-q\n");
    String message =
        assertThrows(IOException.class, () -> new ConllSource().open(folder, Settings.NONE))
            .getMessage();
    assertTrue(message.contains("'Rome' has the tag 'B-q'"), message);
  }

  @Test
  void theSentencesOfWnutAreAllThere() throws IOException {
    Path wnut = SharedFolder.require("data/wnut17-ner");
    DataParts parts = new ConllSource().open(wnut, Settings.NONE);
    assertEquals(3394, parts.training().size());
    assertEquals(1009, parts.validation().orElseThrow().size());
    assertEquals(1287, parts.test().orElseThrow().size());
    assertEquals(13, parts.training().classes().size());
  }

  @Test
  void labelsStandInOneField() throws IOException {
    Path table = file("films.csv", "title,genres\nHeat,Crime|Action\nEmma,\nUp, Comedy |Action\n");
    Settings settings =
        Settings.of("text", "title").with("label", "genres").with("task", "multi-label");
    Dataset data = new TextTableSource().open(table, settings).training();
    assertEquals(TargetKind.LABELS, data.targetKind());
    assertEquals(List.of("Action", "Comedy", "Crime"), data.classes());
    assertArrayEquals(new double[] {1, 0, 1}, data.targetRow(0));
    assertArrayEquals(new double[] {0, 0, 0}, data.targetRow(1), "none is a set too");
    assertTrue(Double.isNaN(data.target(0)));
    assertArrayEquals(
        new double[] {1, 0, 0, 1},
        data.relabelled(List.of("Crime", "War", "Comedy", "Action")).targetRow(0));
  }

  @Test
  void longPlainTextsAreCutBetweenWordsAndNothingIsLost() throws IOException {
    Path file = folder.resolve("long.txt");
    String words = "one two three four five ".repeat(20).strip();
    Files.writeString(file, "short\n\n" + words + "\n\n" + "𝄞".repeat(45) + "\n");
    Dataset data = new PlainTextSource().open(file, Settings.of("longest", 30)).training();
    StringBuilder all = new StringBuilder();
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < data.size(); i++) {
      String text = Texts.text(data.load(i));
      assertTrue(text.length() <= 31, text);
      assertTrue(ids.add(data.id(i)), data.id(i));
      all.append(text).append(' ');
    }
    String notes = all.substring(all.indexOf("𝄞")).replace(" ", "");
    assertEquals("𝄞".repeat(45), notes);
    assertEquals("short " + words + " ", all.substring(0, all.indexOf("𝄞")));
  }

  @Test
  void withoutBlankLinesEachLineIsAnExample() throws IOException {
    Path file = folder.resolve("lines.txt");
    PlainTextSource source = new PlainTextSource();
    Files.writeString(file, "\none\ntwo\nthree\n\n");
    assertEquals(3, source.open(file, Settings.NONE).training().size());
    Files.writeString(file, "one\ntwo\n\nthree\n");
    assertEquals(2, source.open(file, Settings.NONE).training().size());
  }

  @Test
  void plainTextsAreParagraphsOrLines() throws IOException {
    Path text = file("tales.txt", "\nOnce upon\na time.\n\n\nThe end.\n");
    PlainTextSource source = new PlainTextSource();
    Dataset data = source.open(text, Settings.NONE).training();
    assertEquals(TargetKind.NEXT_WORD, data.targetKind());
    assertEquals(2, data.size());
    assertEquals("Once upon\na time.", text(data, 0));
    assertEquals("tales.txt:2", data.id(0));
    assertEquals("tales.txt:6", data.id(1));
    assertEquals(0, data.targetRow(0).length);
    Dataset lines = source.open(text, Settings.of("unit", "line")).training();
    assertEquals(3, lines.size());
    assertEquals("tales.txt:3", lines.id(1));
  }

  @Test
  void aNoteBesideOtherDataIsNoCorpus() throws IOException {
    file("README.txt", "About these data.");
    assertFalse(new PlainTextSource().recognises(folder));
    file("train.txt", "Once.");
    assertTrue(new PlainTextSource().recognises(folder));
    file("train.tsv", "text\tlabel\na\tb\n");
    assertFalse(new PlainTextSource().recognises(folder));
  }

  /** A typo would give empty second texts. */
  @Test
  void aSecondTextStandsInAColumnThatThereIs() throws IOException {
    Path table = file("train.csv", "text,other,label\na,b,x\nc,d,y\n");
    Settings pairs = Settings.of("pair", "other");
    TextTableSource source = new TextTableSource();
    Dataset data = source.open(table, pairs).training();
    assertEquals("b", Texts.pair(data.load(0)).orElseThrow());
    Settings typo = Settings.of("pair", "othr");
    String message = assertThrows(IOException.class, () -> source.open(table, typo)).getMessage();
    assertTrue(message.contains("'othr'") && message.contains("[text, other, label]"), message);
    file("test.csv", "text,label\na,x\n");
    String later = assertThrows(IOException.class, () -> source.open(folder, pairs)).getMessage();
    assertTrue(later.startsWith("'test.csv' has no column 'other'"), later);
  }

  @Test
  void linesOfJsonAreRowsInWhateverOrderTheirFieldsAre() throws IOException {
    Path table =
        file(
            "a.jsonl",
            """
            {"text": "good", "label": "x"}

            {"label": "y", "text": "a \\"bad\\" one"}
            {"text": "half
            [1]
            """);
    TextTableSource source = new TextTableSource();
    String message =
        assertThrows(IOException.class, () -> source.open(table, Settings.NONE)).getMessage();
    assertTrue(message.contains("line 4: no proper JSON"), message);
    assertTrue(message.contains("line 5: no JSON object"), message);
    Dataset data = source.open(table, Settings.of("bad_rows", "skip")).training();
    assertEquals(List.of("x", "y"), data.classes());
    assertEquals("a \"bad\" one", text(data, 1));
    assertEquals("a.jsonl:3", data.id(1));
    assertEquals(1, data.target(1));
  }

  @Test
  void aMarkInFrontOfAFileIsNoPartOfItsColumns() throws IOException {
    String mark = "\uFEFF";
    for (String name : new String[] {"a.csv", "a.tsv", "a.jsonl"}) {
      String content =
          name.endsWith("l")
              ? "{\"text\": \"good\", \"label\": \"x\"}\n"
              : "text,label\ngood,x\n".replace(',', name.endsWith("tsv") ? '\t' : ',');
      Path table = file(name, mark + content);
      assertTrue(new TextTableSource().recognises(table), name);
      assertEquals("good", text(new TextTableSource().open(table, Settings.NONE).training(), 0));
    }
    Path chats = file("c.jsonl", mark + "{\"instruction\": \"Hi\", \"output\": \"Hello\"}\n");
    assertTrue(new ChatSource().recognises(chats));
    assertEquals(1, new ChatSource().open(chats, Settings.NONE).training().size());
  }
}
