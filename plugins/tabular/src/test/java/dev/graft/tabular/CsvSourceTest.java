package dev.graft.tabular;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.data.DataParts;
import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.plan.Settings;
import dev.graft.tensor.DType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CsvSourceTest {

  private static final String SMALL =
      """
      height,colour,code,ill
      1.5,red,1.0,no
      1.75,blue,2,yes
      ,red,2.0,no
      1.6,?,1,yes
      """;

  private final dev.graft.tabular.CsvSource source = new dev.graft.tabular.CsvSource();

  @TempDir Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private Dataset open(String content, Settings settings) throws IOException {
    return source.open(file("table.csv", content), settings).training();
  }

  private String refusal(String content, Settings settings) throws IOException {
    Path path = file("table.csv", content);
    return assertThrows(Exception.class, () -> source.open(path, settings)).getMessage();
  }

  @Test
  void anotherTableIsReadAsTheLabelledOneSays() throws IOException {
    Path labelled = file("table.csv", SMALL);
    // Alone, "height" would hold texts and "ill" one class.
    Path other = file("other.csv", "height,colour,code,ill\n?,green,7,yes\n");
    Dataset beside = source.openBeside(other, labelled, Settings.NONE).training();
    assertEquals(List.of("no", "yes"), beside.classes());
    assertEquals(1, beside.target(0));
    assertTrue(Cells.isMissing(beside.load(0).get("height")));
    Path bare = file("bare.csv", "code,colour,height\n7,green,1.5\n");
    Dataset unlabelled = source.openUnlabelled(bare, labelled, Settings.NONE);
    assertTrue(Double.isNaN(unlabelled.target(0)));
    assertEquals(1.5, unlabelled.load(0).get("height").get(0));
    Path lacking = file("lacking.csv", "code,height,x\n7,1.5,1\n");
    String message =
        assertThrows(
                IOException.class, () -> source.openUnlabelled(lacking, labelled, Settings.NONE))
            .getMessage();
    assertTrue(message.contains("lacks the columns [colour]"), message);
  }

  @Test
  void readsNumbersCategoriesGapsAndClasses() throws IOException {
    DataParts parts = source.open(file("table.csv", SMALL), Settings.NONE);
    Dataset data = parts.training();
    assertEquals("table", parts.modality());
    assertEquals(List.of("no", "yes"), data.classes());
    assertEquals(4, data.size());
    assertEquals(1, data.target(1));
    Example first = data.load(0);
    assertEquals(Set.of("height", "colour", "code"), first.values().keySet());
    assertEquals(DType.FLOAT64, first.get("height").dtype());
    assertEquals(1.5, first.get("height").get(0));
    assertEquals("red", Cells.text(first.get("colour")));
    assertTrue(Cells.isMissing(data.load(2).get("height")));
    assertTrue(Cells.isMissing(data.load(3).get("colour")));
  }

  @Test
  void writesWholeNumbersOfFewKindsInOneSpelling() throws IOException {
    Dataset data = open(SMALL, Settings.NONE);
    assertEquals("1", Cells.text(data.load(0).get("code")));
    assertEquals(data.load(1).get("code"), data.load(2).get("code"));
  }

  @Test
  void settingsOverrideWhatAColumnHolds() throws IOException {
    Dataset data = open(SMALL, Settings.of("numeric", "code").with("ignore", "colour"));
    assertEquals(DType.FLOAT64, data.load(0).get("code").dtype());
    assertFalse(data.load(0).values().containsKey("colour"));
    assertEquals(
        DType.UINT8,
        open(SMALL, Settings.of("categorical", "height")).load(0).get("height").dtype());
    assertEquals(DType.FLOAT64, open(SMALL, Settings.of("codes", 1)).load(0).get("code").dtype());
  }

  @Test
  void namesOfExamplesAreFileAndLine() throws IOException {
    Dataset data = open("a,b,y\n\n1,\"two\nlines\",0\r\n2,x,1", Settings.NONE);
    assertEquals("table.csv:3", data.id(0));
    assertEquals("table.csv:5", data.id(1));
    assertEquals("two\nlines", Cells.text(data.load(0).get("b")));
  }

  @ParameterizedTest
  @CsvSource({
    "num>0, num<=0, 0110",
    "num>=2, num<2, 0010",
    "num<1, num>=1, 1001",
    "num<=1, num>1, 1101",
    "num=2, num!=2, 0010",
    "num==2, num!=2, 0010",
    "num != 2, num=2, 1101"
  })
  void aRuleMakesTwoClasses(String rule, String negative, String expected) throws IOException {
    Dataset data = open("a,num\n1,0\n2,1\n3,2\n4,0.0\n", Settings.of("positive", rule));
    assertEquals(negative, data.classes().get(0));
    StringBuilder targets = new StringBuilder();
    for (int i = 0; i < data.size(); i++) {
      targets.append((int) data.target(i));
    }
    assertEquals(expected, targets.toString());
  }

  @Test
  void aTargetOfManyNumbersIsANumber() throws IOException {
    String table = "a,y\n1,0.5\n2,1.5\n";
    assertEquals(List.of(), open(table, Settings.NONE).classes());
    assertEquals(1.5, open(table, Settings.NONE).target(1));
    Settings classes = Settings.of("task", "classification");
    assertEquals(List.of("0.5", "1.5"), open(table, classes).classes());
    assertEquals(List.of(), open("a,y\n1,3\n2,4\n", Settings.of("task", "regression")).classes());
  }

  @Test
  void classesAreOrderedByValueThenBySpelling() throws IOException {
    assertEquals(
        List.of("2", "10", "a", "b"), open("a,y\n1,b\n1,10\n1,a\n1,2\n", Settings.NONE).classes());
  }

  @Test
  void theTargetMayStandAnywhere() throws IOException {
    Dataset data = open("y,a\nx,1\nz,2\n", Settings.of("target", "y"));
    assertEquals(List.of("x", "z"), data.classes());
    assertEquals(Set.of("a"), data.load(0).values().keySet());
  }

  @Test
  void aTokenMayMeanMissingInOneColumnOnly() throws IOException {
    Settings settings = Settings.of("missing", "NA,chol=0").with("numeric", "chol,age");
    Dataset data = open("chol,age,y\n0.0,0,a\n200,NA,b\n", settings);
    assertTrue(Cells.isMissing(data.load(0).get("chol")));
    assertFalse(Cells.isMissing(data.load(0).get("age")));
    assertTrue(Cells.isMissing(data.load(1).get("age")));
  }

  @ParameterizedTest
  @ValueSource(strings = {",", ";", "\t", "|"})
  void findsTheSeparator(String separator) throws IOException {
    String table = "a,\"b c\",y\n1,\"x,;y\",n\n2,z,m\n".replace(",\"", separator + "\"");
    Dataset data =
        open(
            table.replaceAll("(?<!x),", java.util.regex.Matcher.quoteReplacement(separator)),
            Settings.NONE);
    assertEquals("x,;y", Cells.text(data.load(0).get("b c")));
    assertEquals(List.of("m", "n"), data.classes());
  }

  @Test
  void skipsAByteOrderMark() throws IOException {
    assertEquals(
        Set.of("a"), open("\uFEFFa,y\n1,n\n2,m\n", Settings.NONE).load(0).values().keySet());
  }

  @Test
  void badRowsAreCountedAndNamedByLine() throws IOException {
    StringBuilder table = new StringBuilder("a,b,y\n");
    for (int i = 0; i < 40; i++) {
      table.append(i).append(".5,x,").append(i % 2 == 0 ? "n" : "m").append('\n');
    }
    table.append("7.5,x\n").append("seven,x,n\n").append("8.5,x,\n");
    String message = refusal(table.toString(), Settings.NONE);
    assertTrue(message.contains("3 of 43 rows of 'table.csv'"), message);
    assertTrue(message.contains("line 42: 2 fields, the header has 3"), message);
    assertTrue(message.contains("line 43: 'seven' in column 'a' is no number"), message);
    assertTrue(message.contains("line 44: no target in column 'y'"), message);
    assertTrue(message.contains("bad_rows"), message);
    assertEquals(40, open(table.toString(), Settings.of("bad_rows", "skip")).size());
  }

  @Test
  void onlyTheFirstTenBadRowsAreNamed() throws IOException {
    String message = refusal("a,y\n1,n\n2,m\n" + "3\n".repeat(25), Settings.NONE);
    assertTrue(message.contains("25 of 27 rows"), message);
    assertTrue(message.contains("line 13:") && !message.contains("line 14:"), message);
    assertTrue(message.contains("and 15 more"), message);
  }

  @Test
  void refusesWhatIsNoTable() throws IOException {
    assertTrue(refusal("", Settings.NONE).contains("is empty"));
    assertTrue(refusal("a,y\n", Settings.NONE).contains("no usable row"));
    assertTrue(refusal("a,a,y\n1,2,3\n", Settings.NONE).contains("two columns named 'a'"));
    assertTrue(refusal("a,,y\n1,2,3\n", Settings.NONE).contains("column 2"));
    assertTrue(refusal("y\n1\n2\n", Settings.NONE).contains("no column beside the target 'y'"));
    assertTrue(refusal("a,y\n1,n\n2,n\n", Settings.NONE).contains("two classes are needed"));
    assertTrue(refusal("a,y\n1,\"n\n2,m\n", Settings.NONE).contains("no proper CSV"));
    assertTrue(refusal("a,y\n1,\n2,\n", Settings.of("task", "regression")).contains("2 of 2 rows"));
  }

  @Test
  void refusesSettingsThatFitNothing() throws IOException {
    assertTrue(refusal(SMALL, Settings.of("target", "weight")).contains("[height, colour"));
    assertTrue(refusal(SMALL, Settings.of("ignore", "weight")).contains("'weight'"));
    assertTrue(refusal(SMALL, Settings.of("positive", "ill")).contains("num>0"));
    assertTrue(refusal(SMALL, Settings.of("positive", "code>x")).contains("number"));
    assertTrue(
        refusal(SMALL, Settings.of("positive", "code>1").with("target", "ill"))
            .contains("one column"));
    assertTrue(refusal(SMALL, Settings.of("colour", "red")).contains("no setting [colour]"));
  }

  @Test
  void refusesAColumnOfNames() throws IOException {
    StringBuilder table = new StringBuilder("who,a,y\n");
    for (int i = 0; i < 60; i++) {
      table
          .append("person")
          .append(i)
          .append(',')
          .append(i)
          .append(".5,")
          .append(i % 2)
          .append('\n');
    }
    assertTrue(refusal(table.toString(), Settings.NONE).contains("ignore=who"));
    assertEquals(60, open(table.toString(), Settings.of("ignore", "who")).size());
  }

  @Test
  void namesTheLineOfWhatIsNoUtf8() throws IOException {
    Path path = folder.resolve("latin.csv");
    Files.write(path, "a,y\n1,n\n2,caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
    String message =
        assertThrows(IOException.class, () -> source.open(path, Settings.NONE)).getMessage();
    assertTrue(message.contains("0xE9 in line 3"), message);
  }

  @Test
  void partsOfAFolderFollowTheTrainingFile() throws IOException {
    file("train.csv", "a,b,y\n1.5,x,n\n2.5,z,m\n");
    file("valid.csv", "b,a,y\nx,3.5,m\n");
    file("test.csv", "a,b,y\n4.5,new,n\n");
    DataParts parts = source.open(folder, Settings.NONE);
    assertEquals(3.5, parts.validation().orElseThrow().load(0).get("a").get(0));
    assertEquals(0, parts.validation().orElseThrow().target(0));
    assertEquals("new", Cells.text(parts.test().orElseThrow().load(0).get("b")));
    file("test.csv", "a,b,y\n4.5,x,o\n");
    assertTrue(
        assertThrows(IOException.class, () -> source.open(folder, Settings.NONE))
            .getMessage()
            .contains("none of the classes [m, n]"));
    file("test.csv", "a,y\n4.5,n\n");
    assertTrue(
        assertThrows(IOException.class, () -> source.open(folder, Settings.NONE))
            .getMessage()
            .contains("lacks the columns [b]"));
  }

  @Test
  void recognisesTablesAndNothingElse() throws IOException {
    assertFalse(source.recognises(folder));
    Path table = file("table.csv", SMALL);
    assertTrue(source.recognises(table));
    assertTrue(source.recognises(folder));
    assertFalse(source.recognises(file("readme.md", "a,b,c\n")));
    assertFalse(source.recognises(folder.resolve("absent.csv")));
    Path texts = Files.createDirectory(folder.resolve("texts"));
    Files.writeString(texts.resolve("train.tsv"), "label\ttext\tlang\n0\thello\ten\n");
    assertFalse(source.recognises(texts));
    assertFalse(source.recognises(folder), "a folder with folders holds something else");
    Path several = Files.createDirectory(folder.resolve("several"));
    Files.writeString(several.resolve("one.csv"), SMALL);
    Files.writeString(several.resolve("two.csv"), SMALL);
    assertFalse(source.recognises(several));
    Files.writeString(several.resolve("train.csv"), SMALL);
    assertTrue(source.recognises(several));
    assertFalse(source.recognises(file("pictures.csv", "file,label,split\na.png,cat,train\n")));
  }
}
