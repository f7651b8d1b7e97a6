package dev.graft.text.source;

import dev.graft.data.Dataset;
import dev.graft.data.TargetKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How the rows of tables become texts with targets.
 *
 * @param text column of the text
 * @param pair column of a second text; empty: there is none
 * @param target how the label is read
 * @param skip whether bad rows are left out
 */
record TableForm(String text, String pair, Target target, boolean skip) {

  /**
   * How labels are read.
   *
   * @param kind what they are
   * @param column where they stand; empty where there are none
   * @param separator between the labels of one row
   * @param values labels as they stand in files, by index of the class
   * @param classes their names
   */
  record Target(
      TargetKind kind, String column, String separator, List<String> values, List<String> classes) {

    /** The labels of a field of the column. */
    static List<String> labels(String field, TargetKind kind, String separator) {
      String[] parts =
          kind == TargetKind.LABELS ? field.split(Pattern.quote(separator)) : new String[] {field};
      return Arrays.stream(parts).map(String::strip).filter(part -> !part.isEmpty()).toList();
    }

    /** The target of a row; null where its label cannot be used. */
    double[] of(TextRows.Row row) {
      String field = row.fields().getOrDefault(column, "").strip();
      return switch (kind) {
        case NUMBER -> number(field);
        case NEXT_WORD, MASKED_WORDS -> new double[0];
        case TEXT -> field.isEmpty() ? null : new double[0];
        default -> classes(labels(field, kind, separator));
      };
    }

    /** What is to be made of the text of a row, if that is a text. */
    Optional<String> textOf(TextRows.Row row) {
      return kind == TargetKind.TEXT ? Optional.of(row.fields().get(column)) : Optional.empty();
    }

    private static double[] number(String field) {
      return field.matches("[+-]?[0-9]*\\.?[0-9]+(?:[eE][+-]?[0-9]{1,3})?")
          ? new double[] {Double.parseDouble(field)}
          : null;
    }

    private double[] classes(List<String> labels) {
      if (!values.containsAll(labels) || (kind == TargetKind.CLASS && labels.isEmpty())) {
        return null;
      }
      if (kind == TargetKind.CLASS) {
        return new double[] {values.indexOf(labels.get(0))};
      }
      return values.stream().mapToDouble(value -> labels.contains(value) ? 1 : 0).toArray();
    }
  }

  /** The texts of a file; {@code labelled} is whether its labels are read. */
  Dataset read(Path file, boolean labelled) throws IOException {
    TextRows table = TextRows.read(file);
    if (!pair.isEmpty() && !table.columns().contains(pair)) {
      throw new IOException(
          "'%s' has no column '%s' for the second text; it has %s, name one"
              .formatted(table.name(), pair, table.columns()));
    }
    BadRows bad = new BadRows();
    bad.addAll(table.bad());
    List<TextDataset.Row> rows = new ArrayList<>();
    List<double[]> targets = new ArrayList<>();
    for (TextRows.Row row : table.rows()) {
      String content = row.fields().getOrDefault(text, "");
      double[] known = labelled ? target.of(row) : new double[] {Double.NaN};
      if (content.isBlank()) {
        bad.add(row.line(), "no text in column '%s'".formatted(text));
      } else if (known == null) {
        bad.add(
            row.line(),
            "'%s' is none of the labels %s"
                .formatted(
                    row.fields().get(target.column),
                    target.values.isEmpty() ? "(numbers)" : target.values));
      } else {
        Optional<String> second =
            pair.isEmpty() ? Optional.empty() : Optional.of(row.fields().getOrDefault(pair, ""));
        rows.add(
            new TextDataset.Row(
                row.line(), 0, content, second, target.textOf(row), Optional.empty()));
        targets.add(known);
      }
    }
    bad.report(table.name(), table.rows().size() + table.bad().size(), skip);
    if (rows.isEmpty()) {
      throw new IOException("'%s' has no usable row".formatted(table.name()));
    }
    return new TextDataset(
        table.name(), rows, targets.toArray(double[][]::new), target.kind, target.classes);
  }
}
