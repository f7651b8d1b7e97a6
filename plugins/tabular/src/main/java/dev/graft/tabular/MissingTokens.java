package dev.graft.tabular;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The texts that stand for a missing value. An empty field always does.
 *
 * @param everywhere lower-case texts that mean it in every column
 * @param inColumn {@code column=text} for those that mean it in one column only, where a hospital
 *     writes 0 for a cholesterol nobody measured
 */
record MissingTokens(Set<String> everywhere, Set<String> inColumn) {

  /** What is taken for missing unless told otherwise. */
  static final String DEFAULT = "?,NA,N/A,NaN,null";

  /** Reads a list: {@code ?,NA,chol=0}. */
  static MissingTokens parse(String list) {
    Set<String> everywhere = new HashSet<>();
    Set<String> inColumn = new HashSet<>();
    for (String token : List.of(list.split(",", -1))) {
      String trimmed = token.strip();
      int equals = trimmed.indexOf('=');
      if (equals > 0) {
        String value = Cells.category(trimmed.substring(equals + 1).strip());
        inColumn.add(trimmed.substring(0, equals).strip() + "=" + value);
      } else {
        everywhere.add(trimmed.toLowerCase(Locale.ROOT));
      }
    }
    return new MissingTokens(Set.copyOf(everywhere), Set.copyOf(inColumn));
  }

  boolean contains(String column, String text) {
    return text.isEmpty()
        || everywhere.contains(text.toLowerCase(Locale.ROOT))
        || (!inColumn.isEmpty() && inColumn.contains(column + "=" + Cells.category(text)));
  }
}
