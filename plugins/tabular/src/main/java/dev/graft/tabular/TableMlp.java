package dev.graft.tabular;

import dev.graft.data.Preprocessing;
import dev.graft.layers.BatchNorm2d;
import dev.graft.layers.Layer;
import dev.graft.layers.LayerNorm;
import dev.graft.model.ModelSpec;
import dev.graft.model.Network;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.ModelFamily;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Residual networks over tables. A configuration has {@code model_type: table_mlp}, {@code columns}
 * as {@link #columns} writes them (left out: those of the table it is trained on), {@code
 * num_labels} and, each with a default, {@code width}, {@code depth}, {@code embedding_size},
 * {@code dropout} and {@code norm}.
 */
public final class TableMlp implements ModelFamily {

  /** Id of this family. */
  public static final String ID = "table_mlp";

  private static final List<Setting> SCALARS =
      List.of(
          Setting.integer("num_labels", 2, 1, 1_000_000, "outputs of the head"),
          Setting.integer("width", 64, 1, 16_384, "features between blocks"),
          Setting.integer("depth", 2, 1, 256, "residual blocks"),
          Setting.integer("embedding_size", 4, 1, 4_096, "features per column of categories"),
          Setting.number("dropout", 0.1, 0, 0.99, "probability in the blocks"),
          Setting.text("norm", "layer", List.of("layer", "batch"), "normalisation of the blocks"));

  /**
   * What a configuration says.
   *
   * @param numeric number of columns with numbers
   * @param tables indices by column of categories; the key is the module's name
   * @param settings the rest
   */
  record Shape(int numeric, Map<String, Integer> tables, Settings settings) {

    int width() {
      return settings.integer("width");
    }

    int depth() {
      return settings.integer("depth");
    }

    int embedding() {
      return settings.integer("embedding_size");
    }

    int classes() {
      return settings.integer("num_labels");
    }

    double dropout() {
      return settings.number("dropout");
    }

    Layer norm() {
      return settings.text("norm").equals("batch")
          ? new BatchNorm2d(width())
          : new LayerNorm(width(), 1e-5);
    }
  }

  @Override
  public About about() {
    return new About(
        ID,
        "residual network over tables, with embeddings of categories and indicators of gaps",
        "Gorishniy et al. 2021, Revisiting Deep Learning Models for Tabular Data");
  }

  /**
   * What a configuration says about the columns of a preprocessing: its setting {@code columns}.
   */
  public static List<Map<String, Object>> columns(TablePreprocessing preprocessing) {
    List<Map<String, Object>> columns = new ArrayList<>();
    for (TableColumn.Numeric column : preprocessing.numeric()) {
      columns.add(Map.of("name", column.name(), "type", "numeric"));
    }
    for (TableColumn.Categorical column : preprocessing.categorical()) {
      columns.add(Map.of("name", column.name(), "type", "categorical", "size", column.size()));
    }
    return columns;
  }

  @Override
  public Optional<ModelSpec> read(Map<String, Object> config) {
    if (!ID.equals(config.get("model_type"))) {
      return Optional.empty();
    }
    Map<String, Object> settings = new LinkedHashMap<>(config);
    settings.remove("model_type");
    Object columns = settings.remove("columns");
    ModelSpec spec = new ModelSpec(ID, new Settings(settings).checked(ID, SCALARS).values());
    if (columns == null) {
      return Optional.of(spec);
    }
    ModelSpec whole = spec.with("columns", columns);
    Shape unused = shape(whole);
    return Optional.of(whole);
  }

  /** With the columns of a table, where the configuration names none. */
  @Override
  public ModelSpec fitted(ModelSpec spec, Preprocessing preprocessing) {
    return spec.settings().containsKey("columns")
        ? spec
        : spec.with("columns", columns((TablePreprocessing) preprocessing));
  }

  private static Shape shape(ModelSpec spec) {
    Map<String, Object> scalars = new LinkedHashMap<>(spec.settings());
    Object columns = scalars.remove("columns");
    if (!(columns instanceof List<?> list) || list.isEmpty()) {
      throw new IllegalArgumentException(
          "setting 'columns' of %s is %s; a list of objects with name, type and size is needed,"
                  .formatted(ID, columns)
              + " or a table to fit them to");
    }
    int numeric = 0;
    Map<String, Integer> tables = new LinkedHashMap<>();
    for (Object entry : list) {
      if (!(entry instanceof Map<?, ?> column)) {
        throw new IllegalArgumentException(
            "an entry of 'columns' of %s is %s; an object is needed".formatted(ID, entry));
      }
      String name = ColumnJson.get(column, "name", String.class);
      switch (ColumnJson.get(column, "type", String.class)) {
        case "numeric" -> numeric++;
        case "categorical" -> tables.put(moduleName(name, tables), size(name, column));
        default ->
            throw new IllegalArgumentException(
                "column '%s' of %s has type '%s'; allowed: numeric, categorical"
                    .formatted(name, ID, column.get("type")));
      }
    }
    return new Shape(numeric, tables, new Settings(scalars).checked(ID, SCALARS));
  }

  private static int size(String name, Map<?, ?> column) {
    double size = ColumnJson.get(column, "size", Number.class).doubleValue();
    if (size != Math.rint(size) || size < 2 || size > 100_000_000) {
      throw new IllegalArgumentException(
          "column '%s' of %s has size %s; allowed: a whole number from 2 to 100000000"
              .formatted(name, ID, size));
    }
    return (int) size;
  }

  /** A column's name as part of a path: dots separate modules, so they cannot stay. */
  private static String moduleName(String column, Map<String, Integer> taken) {
    String plain = column.replaceAll("[^\\p{L}\\p{N}_-]", "_");
    String name = plain;
    for (int i = 2; taken.containsKey(name); i++) {
      name = plain + "_" + i;
    }
    return name;
  }

  @Override
  public Network build(ModelSpec spec) {
    return new TableNetwork(shape(spec));
  }

  @Override
  public String modality() {
    return TableModality.ID;
  }
}
