package dev.graft.tabular;

import dev.graft.data.EvalTransform;
import dev.graft.data.Example;
import dev.graft.data.TrainTransform;
import dev.graft.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Turns a raw row, one cell per column, into {@code numeric} (C), {@code missing} (C) and {@code
 * categorical} (K). For training each value is hidden with a fixed probability: a value that was
 * hidden at times in the first hospital is no riddle when the second never measured it.
 */
final class RowEncoder implements EvalTransform, TrainTransform {

  /** Bound in standard deviations: one slip of a key must not drown a whole row. */
  private static final double FAR = 20;

  private final List<TableColumn.Numeric> numeric;
  private final List<TableColumn.Categorical> categorical;
  private final List<Map<String, Integer>> indices;
  private final Set<String> known;
  private final boolean ignoresNew;

  RowEncoder(TablePreprocessing preprocessing) {
    numeric = preprocessing.numeric();
    categorical = preprocessing.categorical();
    indices = categorical.stream().map(TableColumn.Categorical::indices).toList();
    known = preprocessing.columns().stream().map(TableColumn::name).collect(Collectors.toSet());
    ignoresNew = preprocessing.newColumns() == TablePreprocessing.NewColumns.IGNORE;
  }

  @Override
  public Example apply(Example row) {
    return encode(row, () -> 1);
  }

  @Override
  public Example apply(Example row, RandomGenerator random) {
    return encode(row, random::nextDouble);
  }

  private Example encode(Example row, DoubleSupplier draw) {
    checkColumns(row);
    float[] numbers = new float[numeric.size()];
    float[] missing = new float[numeric.size()];
    for (int i = 0; i < numbers.length; i++) {
      TableColumn.Numeric column = numeric.get(i);
      HostTensor cell = cell(row, column, draw);
      missing[i] = Cells.isMissing(cell) ? 1 : 0;
      numbers[i] = Cells.isMissing(cell) ? 0 : standardised(row, column, cell);
    }
    long[] categories = new long[categorical.size()];
    for (int k = 0; k < categories.length; k++) {
      HostTensor cell = cell(row, categorical.get(k), draw);
      categories[k] =
          Cells.isMissing(cell)
              ? TableColumn.Categorical.MISSING
              : indices
                  .get(k)
                  .getOrDefault(Cells.category(Cells.text(cell)), TableColumn.Categorical.UNKNOWN);
    }
    return new Example(
        row.id(),
        Map.of(
            "numeric", HostTensor.of(numbers, numbers.length),
            "missing", HostTensor.of(missing, missing.length),
            "categorical", HostTensor.of(categories, categories.length)));
  }

  private static HostTensor cell(Example row, TableColumn column, DoubleSupplier draw) {
    HostTensor cell = row.values().getOrDefault(column.name(), Cells.MISSING);
    return draw.getAsDouble() < TablePreprocessing.MASKED ? Cells.MISSING : cell;
  }

  private static float standardised(Example row, TableColumn.Numeric column, HostTensor cell) {
    OptionalDouble number = Cells.number(cell);
    if (number.isEmpty()) {
      throw new IllegalArgumentException(
          "row '%s' has '%s' in column '%s'; this model reads a number there"
              .formatted(row.id(), Cells.text(cell), column.name()));
    }
    double value = (number.getAsDouble() - column.mean()) / column.std();
    return (float) Math.max(-FAR, Math.min(FAR, value));
  }

  private void checkColumns(Example row) {
    int shared = 0;
    List<String> added = new ArrayList<>();
    for (String name : row.values().keySet()) {
      if (known.contains(name)) {
        shared++;
      } else {
        added.add(name);
      }
    }
    if (shared == 0) {
      throw new IllegalArgumentException(
          "row '%s' has the columns %s, and this model knows none of them; it knows %s"
              .formatted(row.id(), row.values().keySet(), known));
    }
    if (!added.isEmpty() && !ignoresNew) {
      throw new IllegalArgumentException(
          ("row '%s' has columns this model does not know: %s; it knows %s. Leave them out of the"
                  + " table, or set new_columns to ignore")
              .formatted(row.id(), added, known));
    }
  }
}
