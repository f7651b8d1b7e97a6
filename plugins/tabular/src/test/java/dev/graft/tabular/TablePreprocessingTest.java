package dev.graft.tabular;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.plan.Settings;
import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TablePreprocessingTest {

  private static final String TABLE =
      """
      size,colour,empty,y
      2.5,red,,n
      4.5,blue,,m
      ,red,,n
      6.5,,,m
      """;

  @TempDir Path folder;

  private Dataset data;
  private TablePreprocessing fitted;

  @BeforeEach
  void fit() throws IOException {
    Path file = Files.writeString(folder.resolve("table.csv"), TABLE);
    data = new CsvSource().open(file, Settings.NONE).training();
    fitted = TablePreprocessing.fit(data);
  }

  private static Example row(Object... namesAndValues) {
    Map<String, HostTensor> cells = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Object value = namesAndValues[i + 1];
      cells.put(
          (String) namesAndValues[i],
          value instanceof Number number
              ? Cells.number(number.doubleValue())
              : value == null ? Cells.MISSING : Cells.text((String) value));
    }
    return new Example("row", cells);
  }

  @Test
  void fitsMeanSpreadAndVocabularyOverWhatIsPresent() {
    assertEquals(
        List.of(
            new TableColumn.Numeric("size", 4.5, Math.sqrt(8.0 / 3)),
            new TableColumn.Categorical("colour", List.of("blue", "red")),
            new TableColumn.Unused("empty")),
        fitted.columns());
  }

  @Test
  void fitsToTheGivenRowsOnly() throws IOException {
    TablePreprocessing two = TablePreprocessing.fit(data.subset(new int[] {0, 2}));
    assertEquals(List.of(new TableColumn.Numeric("size", 2.5, 1)), two.numeric());
    assertEquals(List.of("red"), two.categorical().get(0).values());
  }

  @Test
  void feedsGapsAsTheMeanWithAnIndicator() throws IOException {
    Example gap = fitted.evalTransform().apply(data.load(2));
    assertArrayEquals(new float[] {0}, gap.get("numeric").toFloats());
    assertArrayEquals(new float[] {1}, gap.get("missing").toFloats());
    Example full = fitted.evalTransform().apply(data.load(0));
    assertEquals(-2 / Math.sqrt(8.0 / 3), full.get("numeric").get(0), 1e-6);
    assertArrayEquals(new float[] {0}, full.get("missing").toFloats());
  }

  @Test
  void categoriesHaveEntriesForMissingAndUnknown() {
    long[] indices = new long[4];
    Object[] values = {"blue", "red", "green", null};
    for (int i = 0; i < values.length; i++) {
      indices[i] =
          fitted.evalTransform().apply(row("colour", values[i])).get("categorical").toLongs()[0];
    }
    assertArrayEquals(
        new long[] {2, 3, TableColumn.Categorical.UNKNOWN, TableColumn.Categorical.MISSING},
        indices);
    assertEquals(4, fitted.categorical().get(0).size());
  }

  @Test
  void spellingsOfANumberAreOneCategory() {
    TablePreprocessing codes =
        new TablePreprocessing(
            List.of(new TableColumn.Categorical("code", List.of("1", "20"))),
            TablePreprocessing.NewColumns.REFUSE);
    for (Object spelling : List.of("20", "20.0", "+20", "2e1", 20, 20.0)) {
      Example encoded = codes.evalTransform().apply(row("code", spelling));
      assertEquals(3, encoded.get("categorical").toLongs()[0], () -> "for " + spelling);
    }
  }

  @Test
  void aTextWithANumberIsReadAsOne() {
    assertEquals(
        fitted.evalTransform().apply(row("size", 6.5)).get("numeric"),
        fitted.evalTransform().apply(row("size", "6.50")).get("numeric"));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> fitted.evalTransform().apply(row("size", "big")))
            .getMessage();
    assertTrue(message.contains("'big' in column 'size'"), message);
  }

  @Test
  void outliersAreBounded() {
    Example far = fitted.evalTransform().apply(row("size", 1e300));
    assertEquals(20, far.get("numeric").get(0));
  }

  @Test
  void anAbsentColumnIsFedAsMissing() {
    Example encoded = fitted.evalTransform().apply(row("colour", "red"));
    assertArrayEquals(new float[] {1}, encoded.get("missing").toFloats());
  }

  @Test
  void aNewColumnIsRefusedOrIgnoredAsChosen() {
    Example strange = row("size", 2.5, "colour", "red", "smell", "sweet");
    String message =
        assertThrows(IllegalArgumentException.class, () -> fitted.evalTransform().apply(strange))
            .getMessage();
    assertTrue(message.contains("[smell]") && message.contains("new_columns"), message);
    TablePreprocessing ignoring = fitted.withNewColumns(TablePreprocessing.NewColumns.IGNORE);
    assertEquals(
        fitted.evalTransform().apply(row("size", 2.5, "colour", "red")),
        ignoring.evalTransform().apply(strange));
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () -> ignoring.evalTransform().apply(row("smell", "sweet")))
            .getMessage()
            .contains("none of them"));
  }

  @Test
  void saysHowATableMeetsTheWeights() {
    ColumnMatch match = fitted.match(List.of("smell", "colour"));
    assertEquals(List.of("colour"), match.shared());
    assertEquals(List.of("size", "empty"), match.absent());
    assertEquals(List.of("smell"), match.added());
  }

  @Test
  void stacksRowsIntoInputs() throws IOException {
    try (Scope scope = Scope.open()) {
      NamedTensors inputs =
          fitted.collate(
              List.of(
                  fitted.evalTransform().apply(data.load(1)),
                  fitted.evalTransform().apply(data.load(2))));
      assertEquals(Set.of("numeric", "missing", "categorical"), inputs.names());
      assertArrayEquals(new long[] {2, 1}, inputs.get("numeric").shape());
      assertArrayEquals(new float[] {0, 0}, inputs.get("numeric").toFloats());
      assertArrayEquals(new float[] {0, 1}, inputs.get("missing").toFloats());
      assertEquals(DType.INT64, inputs.get("categorical").dtype());
      assertArrayEquals(new long[] {2, 3}, inputs.get("categorical").toLongs());
    }
  }

  @Test
  void throughJsonAndBackIsTheIdentity() throws IOException {
    ObjectMapper json = new ObjectMapper();
    for (TablePreprocessing each :
        List.of(fitted, fitted.withNewColumns(TablePreprocessing.NewColumns.IGNORE))) {
      String text = json.writeValueAsString(each.settings());
      Map<String, Object> read = json.readValue(text, new TypeReference<>() {});
      assertEquals(each, new TableModality().preprocessing(read));
      assertEquals(
          text, json.writeValueAsString(new TableModality().preprocessing(read).settings()));
    }
  }

  @Test
  void maskingHidesAFifthOfTheValuesAndIsSeeded() throws IOException {
    Example row = data.load(0);
    Random random = new Random(1);
    int hidden = 0;
    for (int i = 0; i < 1000; i++) {
      Example masked = fitted.trainTransform("mask").apply(row, random);
      hidden += (int) masked.get("missing").get(0);
      hidden += masked.get("categorical").toLongs()[0] == 0 ? 1 : 0;
    }
    assertEquals(400, hidden, 60);
    assertEquals(
        fitted.trainTransform("mask").apply(row, new Random(5)),
        fitted.trainTransform("mask").apply(row, new Random(5)));
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> fitted.trainTransform("crop"))
            .getMessage()
            .contains("[mask]"));
  }

  @Test
  void refusesBrokenSettings() {
    TableModality modality = new TableModality();
    for (Map<String, Object> broken :
        List.<Map<String, Object>>of(
            Map.of(),
            Map.of("columns", "size"),
            Map.of("columns", List.of()),
            Map.of("columns", List.of("size")),
            Map.of("columns", List.of(Map.of("name", "a", "type", "odd"))),
            Map.of("columns", List.of(Map.of("name", "a", "type", "numeric", "mean", 1))),
            Map.of("columns", List.of(Map.of("name", "a", "type", "numeric", "mean", 1, "std", 0))),
            Map.of(
                "columns",
                List.of(Map.of("name", "a", "type", "categorical", "values", List.of(1)))))) {
      assertThrows(IllegalArgumentException.class, () -> modality.preprocessing(broken));
    }
  }
}
