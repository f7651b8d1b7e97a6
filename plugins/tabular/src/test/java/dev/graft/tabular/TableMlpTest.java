package dev.graft.tabular;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.model.Group;
import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TableMlpTest {

  private static final TablePreprocessing COLUMNS =
      new TablePreprocessing(
          List.of(
              new TableColumn.Numeric("age", 50, 10),
              new TableColumn.Categorical("chest.pain", List.of("1", "2")),
              new TableColumn.Numeric("chol", 200, 30),
              new TableColumn.Categorical("chest pain", List.of("a"))),
          TablePreprocessing.NewColumns.REFUSE);

  private final TableMlp family = new TableMlp();

  @BeforeEach
  void seed() {
    RandomState.seed(3);
  }

  private static Map<String, Object> config() {
    return Map.of(
        "model_type",
        "table_mlp",
        "columns",
        TableMlp.columns(COLUMNS),
        "width",
        8,
        "num_labels",
        3);
  }

  private Model model(String key, Object value) {
    Map<String, Object> config = new HashMap<>(config());
    config.put(key, value);
    ModelSpec spec = family.read(config).orElseThrow();
    return new Model(spec, family.build(spec));
  }

  private static NamedTensors inputs() {
    return NamedTensors.of(
        Map.of(
            "numeric", Tensor.of(new float[] {1, -1, 0, 0.5f}, 2, 2),
            "missing", Tensor.of(new float[] {0, 0, 1, 0}, 2, 2),
            "categorical", Tensor.of(new long[] {2, 1, 3, 0}, 2, 2)));
  }

  @Test
  void namesParametersAfterColumns() {
    try (Model model = model("depth", 1)) {
      assertEquals(
          List.of(
              "embeddings.chest_pain.weight",
              "embeddings.chest_pain_2.weight",
              "projection.weight",
              "projection.bias",
              "blocks.0.norm.weight",
              "blocks.0.norm.bias",
              "blocks.0.linear1.weight",
              "blocks.0.linear1.bias",
              "blocks.0.linear2.weight",
              "blocks.0.linear2.bias",
              "last.norm.weight",
              "last.norm.bias",
              "head.weight",
              "head.bias"),
          List.copyOf(model.parameters().keySet()));
      assertArrayEquals(
          new long[] {4, 4},
          model.parameters().get("embeddings.chest_pain.weight").tensor().shape());
    }
  }

  @Test
  void groupsRunFromInputToHead() {
    try (Model model = model("depth", 3);
        Scope scope = Scope.open()) {
      assertEquals(
          List.of("embeddings", "blocks.0", "blocks.1", "blocks.2", "head"),
          model.groups().stream().map(Group::name).toList());
      assertEquals("blocks.2", model.parameters().get("last.norm.weight").group());
      assertArrayEquals(new long[] {2, 8}, model.forward(inputs(), 0, 4).get("features").shape());
      assertArrayEquals(new long[] {2, 3}, model.forward(inputs()).get("logits").shape());
    }
  }

  @Test
  void everyInputMatters() {
    try (Model model = model("norm", "batch");
        Scope scope = Scope.open()) {
      float[] before = model.forward(inputs()).get("logits").toFloats();
      for (String name : List.of("numeric", "missing", "categorical")) {
        NamedTensors other = inputs().with(name, inputs().get(name).flip(0));
        float[] after = model.forward(other).get("logits").toFloats();
        assertTrue(before[0] != after[0], () -> name + " changes nothing");
      }
    }
  }

  @Test
  void unknownAndMissingCategoriesStartSilent() {
    try (Model model = model("depth", 1);
        Scope scope = Scope.open()) {
      Tensor table = model.parameters().get("embeddings.chest_pain.weight").tensor();
      assertArrayEquals(new float[8], table.narrow(0, 0, 2).toFloats());
      assertTrue(table.narrow(0, 2, 2).abs().min().item() > 0);
    }
  }

  @Test
  void worksWithoutNumbersOrWithoutCategories() {
    for (String type : List.of("numeric", "categorical")) {
      List<?> columns =
          TableMlp.columns(COLUMNS).stream().filter(c -> c.get("type").equals(type)).toList();
      try (Model model = model("columns", columns);
          Scope scope = Scope.open()) {
        assertArrayEquals(new long[] {2, 3}, model.forward(inputs()).get("logits").shape());
      }
    }
  }

  @Test
  void aReadConfigurationIsComplete() {
    ModelSpec spec = family.read(config()).orElseThrow();
    assertEquals(0.1, spec.settings().get("dropout"));
    Map<String, Object> again = new HashMap<>(spec.settings());
    again.put("model_type", "table_mlp");
    assertEquals(spec, family.read(again).orElseThrow());
    assertTrue(family.read(Map.of("model_type", "resnet")).isEmpty());
  }

  @Test
  void columnsMayBeFittedLater() {
    ModelSpec open = family.read(Map.of("model_type", "table_mlp", "width", 8)).orElseThrow();
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> family.build(open))
            .getMessage()
            .contains("a table to fit"));
    ModelSpec fitted = family.fitted(open, COLUMNS);
    assertEquals(TableMlp.columns(COLUMNS), fitted.settings().get("columns"));
    assertEquals(fitted, family.fitted(fitted, COLUMNS));
    try (Model model = new Model(fitted, family.build(fitted))) {
      assertEquals(8, model.featureCount());
    }
  }

  @Test
  void refusesBrokenConfigurations() {
    Map<String, Object> broken =
        Map.of(
            "columns", List.of(), "width", 0, "depth", 1.5, "dropout", 1, "norm", "group", "colour",
            "red");
    broken.forEach(
        (key, value) -> {
          String message =
              assertThrows(IllegalArgumentException.class, () -> model(key, value)).getMessage();
          assertTrue(message.contains(key), message);
        });
    for (Map<String, Object> column :
        List.<Map<String, Object>>of(
            Map.of("name", "a"),
            Map.of("name", "a", "type", "odd"),
            Map.of("name", "a", "type", "categorical"),
            Map.of("name", "a", "type", "categorical", "size", 1))) {
      assertThrows(IllegalArgumentException.class, () -> model("columns", List.of(column)));
    }
  }
}
