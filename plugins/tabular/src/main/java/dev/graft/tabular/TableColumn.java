package dev.graft.tabular;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A column as a set of weights knows it. */
public sealed interface TableColumn {

  /** Its name in the header. */
  String name();

  /**
   * A column of numbers, standardised; a missing value is fed as the mean, with an indicator.
   *
   * @param name in the header
   * @param mean over the rows it was fitted on, in the column's unit
   * @param std standard deviation over these rows, in the column's unit; 1 where they are all equal
   */
  record Numeric(String name, double mean, double std) implements TableColumn {

    public Numeric {
      if (!Double.isFinite(mean) || !Double.isFinite(std) || std <= 0) {
        throw new IllegalArgumentException(
            "column '%s' has mean %s and standard deviation %s; both must be finite, the second > 0"
                .formatted(name, mean, std));
      }
    }
  }

  /**
   * A column of categories, fed as an index: {@value #MISSING} for a missing value, {@value
   * #UNKNOWN} for one that was never seen, the others in order from 2.
   *
   * @param name in the header
   * @param values the categories that have an index of their own
   */
  record Categorical(String name, List<String> values) implements TableColumn {

    /** Index of a missing value. */
    public static final int MISSING = 0;

    /** Index of a category that was never seen. */
    public static final int UNKNOWN = 1;

    public Categorical {
      values = List.copyOf(values);
    }

    /** Number of indices: the categories and the two special ones. */
    public int size() {
      return values.size() + 2;
    }

    Map<String, Integer> indices() {
      Map<String, Integer> indices = new HashMap<>();
      for (String value : values) {
        indices.put(value, indices.size() + 2);
      }
      return indices;
    }
  }

  /**
   * A column that had no value in any row it was fitted on: known by name, and not fed.
   *
   * @param name in the header
   */
  record Unused(String name) implements TableColumn {}
}
