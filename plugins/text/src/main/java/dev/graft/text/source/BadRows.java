package dev.graft.text.source;

import dev.graft.plan.Setting;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Rows of one file that cannot be used, and what becomes of them. */
final class BadRows {

  private static final System.Logger LOG = System.getLogger(BadRows.class.getName());
  private static final int NAMED = 10;

  private final List<String> reasons = new ArrayList<>();

  /** The setting that says what becomes of them, by the key {@code bad_rows}. */
  static Setting setting(String which) {
    return Setting.text(
        "bad_rows", "refuse", List.of("refuse", "skip"), "what happens to " + which);
  }

  /** Adds a row. */
  void add(long line, String reason) {
    reasons.add("line %d: %s".formatted(line, reason));
  }

  /** Adds rows that were found before. */
  void addAll(List<String> found) {
    reasons.addAll(found);
  }

  /**
   * Names them and how many there are.
   *
   * @param all number of rows, the bad ones included
   * @param skip whether they are left out
   * @throws IOException if they are not to be left out
   */
  void report(String file, int all, boolean skip) throws IOException {
    if (reasons.isEmpty()) {
      return;
    }
    int more = reasons.size() - NAMED;
    String message =
        "%d of %d rows of '%s' cannot be used: %s%s"
            .formatted(
                reasons.size(),
                all,
                file,
                String.join("; ", reasons.subList(0, Math.min(NAMED, reasons.size()))),
                more > 0 ? "; and %d more".formatted(more) : "");
    if (!skip) {
      throw new IOException(message + ". Correct them, or set bad_rows to skip");
    }
    LOG.log(System.Logger.Level.WARNING, message + "; they are left out");
  }
}
