package dev.graft.tabular;

import dev.graft.tensor.HostTensor;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Gathers what one column holds, row by row. */
final class ColumnFit {

  private final Set<String> texts = new LinkedHashSet<>();
  private long numbers;
  private double mean;
  private double squares;

  void add(HostTensor cell) {
    if (Cells.isMissing(cell)) {
      return;
    }
    if (Cells.isNumber(cell)) {
      // Welford's update: exact enough where the mean is large against the spread.
      numbers++;
      double delta = cell.get(0) - mean;
      mean += delta / numbers;
      squares += delta * (cell.get(0) - mean);
    } else {
      texts.add(Cells.category(Cells.text(cell)));
    }
  }

  TableColumn column(String name) {
    if (numbers > 0 && !texts.isEmpty()) {
      throw new IllegalArgumentException(
          "column '%s' holds numbers in some rows and texts, as '%s', in others; open the table"
                  .formatted(name, texts.iterator().next())
              + " with categorical="
              + name);
    }
    if (!texts.isEmpty()) {
      return new TableColumn.Categorical(name, TableSchema.ordered(List.copyOf(texts)));
    }
    if (numbers == 0) {
      return new TableColumn.Unused(name);
    }
    double std = Math.sqrt(squares / numbers);
    return new TableColumn.Numeric(name, mean, std > 0 ? std : 1);
  }
}
