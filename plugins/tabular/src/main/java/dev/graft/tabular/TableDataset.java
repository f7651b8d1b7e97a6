package dev.graft.tabular;

import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.tensor.HostTensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The usable rows of one file, held by column. Examples have one cell per column, missing ones
 * included.
 *
 * @param file name of the file; an example's id is the file and its line
 * @param lines line of each row
 * @param columns cells by column and row
 * @param targets one per row
 * @param classes names of the classes; empty where the target is a number
 */
record TableDataset(
    String file, long[] lines, Map<String, Column> columns, double[] targets, List<String> classes)
    implements Dataset {

  /** Cells of one column by row. */
  interface Column {
    HostTensor cell(int row);
  }

  /**
   * Takes the rows of a file that fit a schema.
   *
   * @param skip whether rows that do not fit are left out; otherwise they are an error
   */
  static TableDataset of(CsvText table, TableSchema schema, boolean skip) throws IOException {
    checkHeader(table, schema);
    BadRows bad = new BadRows();
    List<CsvText.Row> good = new ArrayList<>();
    for (CsvText.Row row : table.rows()) {
      String problem = problem(table, schema, row);
      if (problem.isEmpty()) {
        good.add(row);
      } else {
        bad.add(row.line(), problem);
      }
    }
    bad.report(table, skip);
    if (good.isEmpty()) {
      throw new IOException("'%s' has no usable row below its header".formatted(table.name()));
    }
    Map<String, Column> columns = new LinkedHashMap<>();
    schema.columns().forEach((name, kind) -> columns.put(name, column(table, schema, good, name)));
    int targetAt = table.header().indexOf(schema.target());
    return new TableDataset(
        table.name(),
        good.stream().mapToLong(CsvText.Row::line).toArray(),
        columns,
        good.stream()
            .mapToDouble(
                row -> targetAt < 0 ? Double.NaN : schema.targetOf(row.fields().get(targetAt)))
            .toArray(),
        schema.classes());
  }

  private static void checkHeader(CsvText table, TableSchema schema) throws IOException {
    List<String> lacking = new ArrayList<>(schema.columns().keySet());
    if (schema.hasTarget()) {
      lacking.add(schema.target());
    }
    lacking.removeAll(table.header());
    if (!lacking.isEmpty()) {
      throw new IOException(
          "'%s' lacks the columns %s of the training file; it has %s"
              .formatted(table.name(), lacking, table.header()));
    }
  }

  private static String problem(CsvText table, TableSchema schema, CsvText.Row row) {
    int expected = table.header().size();
    if (row.fields().size() != expected) {
      return "%d fields, the header has %d".formatted(row.fields().size(), expected);
    }
    for (int i = 0; i < expected; i++) {
      String column = table.header().get(i);
      String text = row.fields().get(i);
      if (schema.columns().get(column) == ColumnRules.Kind.NUMERIC
          && !schema.missing().contains(column, text)
          && Cells.parse(text).isEmpty()) {
        return "'%s' in column '%s' is no number".formatted(shortened(text), column);
      }
      if (column.equals(schema.target()) && Double.isNaN(schema.targetOf(text))) {
        return schema.missing().contains(column, text)
            ? "no target in column '%s'".formatted(column)
            : "target '%s' in column '%s' is %s"
                .formatted(
                    shortened(text),
                    column,
                    schema.rule().isPresent() || schema.classes().isEmpty()
                        ? "no number"
                        : "none of the classes " + schema.classes());
      }
    }
    return "";
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }

  private static Column column(
      CsvText table, TableSchema schema, List<CsvText.Row> rows, String name) {
    int at = table.header().indexOf(name);
    List<String> texts = rows.stream().map(row -> row.fields().get(at)).toList();
    if (schema.columns().get(name) == ColumnRules.Kind.NUMERIC) {
      double[] values = new double[texts.size()];
      for (int i = 0; i < values.length; i++) {
        boolean missing = schema.missing().contains(name, texts.get(i));
        OptionalDouble number = missing ? OptionalDouble.empty() : Cells.parse(texts.get(i));
        values[i] = number.orElse(Double.NaN);
      }
      return row -> Double.isNaN(values[row]) ? Cells.MISSING : Cells.number(values[row]);
    }
    Map<String, HostTensor> dictionary = new HashMap<>();
    HostTensor[] cells = new HostTensor[texts.size()];
    Arrays.setAll(
        cells,
        row ->
            schema.missing().contains(name, texts.get(row))
                ? Cells.MISSING
                : dictionary.computeIfAbsent(Cells.category(texts.get(row)), Cells::text));
    return row -> cells[row];
  }

  @Override
  public int size() {
    return targets.length;
  }

  @Override
  public String id(int index) {
    return file + ":" + lines[index];
  }

  @Override
  public double target(int index) {
    return targets[index];
  }

  @Override
  public Example load(int index) {
    Map<String, HostTensor> cells = new LinkedHashMap<>();
    columns.forEach((name, column) -> cells.put(name, column.cell(index)));
    return new Example(id(index), cells);
  }
}
