package dev.graft.tabular;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What the columns of a table hold, found on its training file and applied to its other files.
 *
 * @param columns what each column but the target holds, in the order of the file
 * @param target name of the column to predict
 * @param rule how it becomes two classes, if it does that way
 * @param classes names of the classes; empty where a number is to be predicted
 * @param missing which texts mean that there is no value
 */
record TableSchema(
    Map<String, ColumnRules.Kind> columns,
    String target,
    Optional<TargetRule> rule,
    List<String> classes,
    MissingTokens missing) {

  /** Different whole numbers up to which a target is taken for classes. */
  private static final int CLASSES = 20;

  /**
   * What is asked for beyond what the file says.
   *
   * @param target name of the column to predict; empty: the last one
   * @param rule how it becomes two classes, if it does that way
   * @param task {@code auto}, {@code classification} or {@code regression}
   * @param columns rules for all other columns
   * @param missing which texts mean that there is no value
   */
  record Wishes(
      String target,
      Optional<TargetRule> rule,
      String task,
      ColumnRules columns,
      MissingTokens missing) {}

  static TableSchema infer(CsvText table, Wishes wishes) throws IOException {
    String target = targetOf(table, wishes);
    for (String name : wishes.columns().mentioned()) {
      require(table, name, "a setting names the column");
    }
    Map<String, ColumnRules.Kind> kinds = new LinkedHashMap<>();
    for (String column : table.header()) {
      if (!column.equals(target) && !wishes.columns().ignored().contains(column)) {
        kinds.put(
            column, wishes.columns().kindOf(column, present(table, column, wishes.missing())));
      }
    }
    if (kinds.isEmpty()) {
      throw new IOException(
          "'%s' has no column beside the target '%s'; the separator may be another one"
              .formatted(table.name(), target));
    }
    List<String> classes = classes(table, target, wishes);
    return new TableSchema(kinds, target, wishes.rule(), classes, wishes.missing());
  }

  private static String targetOf(CsvText table, Wishes wishes) throws IOException {
    String target = wishes.target();
    if (wishes.rule().isPresent()) {
      String compared = wishes.rule().get().column();
      if (!target.isEmpty() && !target.equals(compared)) {
        throw new IllegalArgumentException(
            "setting 'target' is '%s' and 'positive' compares '%s'; they must name one column"
                .formatted(target, compared));
      }
      target = compared;
    }
    if (target.isEmpty()) {
      target = table.header().get(table.header().size() - 1);
    }
    require(table, target, "the target is to be");
    return target;
  }

  private static void require(CsvText table, String column, String who) throws IOException {
    if (!table.header().contains(column)) {
      throw new IOException(
          "%s '%s', but '%s' has the columns %s"
              .formatted(who, column, table.name(), table.header()));
    }
  }

  private static List<String> present(CsvText table, String column, MissingTokens missing) {
    int at = table.header().indexOf(column);
    List<String> values = new ArrayList<>();
    for (CsvText.Row row : table.rows()) {
      if (row.fields().size() == table.header().size()
          && !missing.contains(column, row.fields().get(at))) {
        values.add(row.fields().get(at));
      }
    }
    return values;
  }

  private static List<String> classes(CsvText table, String target, Wishes wishes)
      throws IOException {
    if (wishes.rule().isPresent()) {
      return wishes.rule().get().classes();
    }
    List<String> values = present(table, target, wishes.missing());
    ColumnRules automatic = new ColumnRules(Set.of(), Set.of(), Set.of(), CLASSES);
    boolean classification =
        switch (wishes.task()) {
          case "classification" -> true;
          case "regression" -> false;
          default -> !ColumnRules.mostlyNumbers(values) || automatic.codes(values);
        };
    if (!classification) {
      return List.of();
    }
    List<String> classes = ordered(values.stream().map(Cells::category).distinct().toList());
    if (classes.size() < 2) {
      throw new IOException(
          "the target '%s' of '%s' has the values %s; two classes are needed"
              .formatted(target, table.name(), classes));
    }
    return classes;
  }

  /** Categories in a fixed order: numbers by value, then texts by spelling. */
  static List<String> ordered(List<String> categories) {
    Comparator<String> byValue =
        Comparator.comparingDouble(text -> Cells.parse(text).orElse(Double.POSITIVE_INFINITY));
    return categories.stream().sorted(byValue.thenComparing(Comparator.naturalOrder())).toList();
  }

  /** The same columns and no column to predict. */
  TableSchema withoutTarget() {
    return new TableSchema(columns, "", Optional.empty(), List.of(), missing);
  }

  /** True if there is a column to predict. */
  boolean hasTarget() {
    return !target.isEmpty();
  }

  /** The target of a text; NaN where it is none. */
  double targetOf(String text) {
    if (missing.contains(target, text)) {
      return Double.NaN;
    }
    if (classes.isEmpty()) {
      OptionalDouble number = Cells.parse(text);
      return number.orElse(Double.NaN);
    }
    int index = rule.isPresent() ? rule.get().classOf(text) : classes.indexOf(Cells.category(text));
    return index < 0 ? Double.NaN : index;
  }
}
