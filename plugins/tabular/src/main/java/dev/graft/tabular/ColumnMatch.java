package dev.graft.tabular;

import java.util.List;

/**
 * How the columns of a table meet those a set of weights knows.
 *
 * @param shared in both
 * @param absent known to the weights, not in the table: fed as missing in every row
 * @param added in the table, unknown to the weights
 */
public record ColumnMatch(List<String> shared, List<String> absent, List<String> added) {

  public ColumnMatch {
    shared = List.copyOf(shared);
    absent = List.copyOf(absent);
    added = List.copyOf(added);
  }
}
