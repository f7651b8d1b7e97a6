package dev.graft.tabular;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides what a column holds. The rules, in order, over the values that are present:
 *
 * <ol>
 *   <li>What the settings of the source say.
 *   <li>A column without any value is numeric; it will be fed as missing.
 *   <li>Fewer than nine in ten are numbers: categorical. Otherwise it is a column of numbers, and a
 *       text in it makes its row a bad one.
 *   <li>Whole numbers with at most {@code codes} different values, each of which occurs twice on
 *       average: categorical, they are codes.
 *   <li>Else numeric.
 * </ol>
 *
 * @param numeric columns that hold numbers in any case
 * @param categorical columns that hold categories in any case
 * @param ignored columns that are not used
 * @param codes number of different whole numbers up to which they are codes
 */
record ColumnRules(Set<String> numeric, Set<String> categorical, Set<String> ignored, int codes) {

  /** Share of numbers from which a column is one of numbers with mistakes in it. */
  private static final double MOSTLY = 0.9;

  /** Rows from which a column of ever different texts is taken for a name. */
  private static final int MANY = 50;

  /** What a column holds. */
  enum Kind {
    NUMERIC,
    CATEGORICAL
  }

  static Set<String> names(String list) {
    return Arrays.stream(list.split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** All columns that settings name. */
  Set<String> mentioned() {
    Set<String> all = new HashSet<>(numeric);
    all.addAll(categorical);
    all.addAll(ignored);
    return all;
  }

  /**
   * What a column holds.
   *
   * @param present its values without the missing ones
   * @throws IllegalArgumentException if it holds texts that hardly ever repeat
   */
  Kind kindOf(String column, List<String> present) {
    if (numeric.contains(column)) {
      return Kind.NUMERIC;
    }
    if (categorical.contains(column)) {
      return Kind.CATEGORICAL;
    }
    if (mostlyNumbers(present)) {
      return codes(present) ? Kind.CATEGORICAL : Kind.NUMERIC;
    }
    refuseNames(column, present);
    return Kind.CATEGORICAL;
  }

  /** True if at least nine in ten values are numbers; an empty column is one of numbers. */
  static boolean mostlyNumbers(List<String> present) {
    long count = present.stream().filter(value -> Cells.parse(value).isPresent()).count();
    return count >= MOSTLY * present.size();
  }

  /** True if the numbers among the values are whole, and repeat. */
  boolean codes(List<String> present) {
    double[] values =
        present.stream()
            .map(Cells::parse)
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .toArray();
    long different = Arrays.stream(values).distinct().count();
    return different > 0
        && different <= codes
        && 2 * different <= values.length
        && Arrays.stream(values).allMatch(value -> value == Math.rint(value));
  }

  private static void refuseNames(String column, List<String> present) {
    long different = present.stream().distinct().count();
    if (present.size() >= MANY && different > present.size() / 2) {
      throw new IllegalArgumentException(
          ("column '%s' holds %d different texts in %d rows, as names do; leave it out with the"
                  + " setting ignore=%s, or force it with categorical=%s")
              .formatted(column, different, present.size(), column, column));
    }
  }
}
