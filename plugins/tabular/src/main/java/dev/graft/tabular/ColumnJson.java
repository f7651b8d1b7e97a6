package dev.graft.tabular;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Preprocessing as JSON knows it: {@code columns}, a list of objects with {@code name}, {@code
 * type} ({@code numeric}, {@code categorical}, {@code unused}) and, by type, {@code mean} and
 * {@code std}, or {@code values}; and {@code new_columns}.
 */
final class ColumnJson {

  private ColumnJson() {}

  static Map<String, Object> write(TablePreprocessing preprocessing) {
    List<Object> columns = new ArrayList<>();
    for (TableColumn column : preprocessing.columns()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", column.name());
      if (column instanceof TableColumn.Numeric numeric) {
        entry.put("type", "numeric");
        entry.put("mean", numeric.mean());
        entry.put("std", numeric.std());
      } else if (column instanceof TableColumn.Categorical categorical) {
        entry.put("type", "categorical");
        entry.put("values", categorical.values());
      } else {
        entry.put("type", "unused");
      }
      columns.add(entry);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("modality", TableModality.ID);
    result.put("columns", columns);
    result.put("new_columns", preprocessing.newColumns().name().toLowerCase(Locale.ROOT));
    return result;
  }

  static TablePreprocessing read(Map<String, Object> settings) {
    List<TableColumn> columns = new ArrayList<>();
    for (Object entry : get(settings, "columns", List.class)) {
      if (!(entry instanceof Map<?, ?> column)) {
        throw new IllegalArgumentException(
            "an entry of 'columns' is %s; each is an object with name and type".formatted(entry));
      }
      columns.add(column(column));
    }
    Object choice = settings.getOrDefault("new_columns", "refuse");
    TablePreprocessing.NewColumns newColumns =
        switch (String.valueOf(choice)) {
          case "refuse" -> TablePreprocessing.NewColumns.REFUSE;
          case "ignore" -> TablePreprocessing.NewColumns.IGNORE;
          default ->
              throw new IllegalArgumentException(
                  "setting 'new_columns' is '%s'; allowed: refuse, ignore".formatted(choice));
        };
    return new TablePreprocessing(columns, newColumns);
  }

  private static TableColumn column(Map<?, ?> entry) {
    String name = get(entry, "name", String.class);
    String type = get(entry, "type", String.class);
    return switch (type) {
      case "numeric" ->
          new TableColumn.Numeric(
              name,
              get(entry, "mean", Number.class).doubleValue(),
              get(entry, "std", Number.class).doubleValue());
      case "categorical" -> new TableColumn.Categorical(name, texts(entry));
      case "unused" -> new TableColumn.Unused(name);
      default ->
          throw new IllegalArgumentException(
              "column '%s' has type '%s'; allowed: numeric, categorical, unused"
                  .formatted(name, type));
    };
  }

  private static List<String> texts(Map<?, ?> entry) {
    List<String> texts = new ArrayList<>();
    for (Object value : get(entry, "values", List.class)) {
      if (!(value instanceof String text)) {
        throw new IllegalArgumentException(
            "column %s has the category %s; categories are texts".formatted(entry, value));
      }
      texts.add(text);
    }
    return texts;
  }

  static <T> T get(Map<?, ?> map, String key, Class<T> type) {
    Object value = map.get(key);
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(
          "'%s' is %s, a %s is needed in %s"
              .formatted(key, value, type.getSimpleName().toLowerCase(Locale.ROOT), map.keySet()));
    }
    return type.cast(value);
  }
}
