package dev.graft.tabular;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The rows of one file that cannot be used: counted, and the first ones named by their line. */
final class BadRows {

  private static final System.Logger LOG = System.getLogger(BadRows.class.getName());
  private static final int NAMED = 10;

  private final List<String> named = new ArrayList<>();
  private int count;

  void add(long line, String problem) {
    count++;
    if (named.size() < NAMED) {
      named.add("line %d: %s".formatted(line, problem));
    }
  }

  /**
   * Says what was found.
   *
   * @param skip whether the rows were left out on purpose; otherwise one bad row is an error
   */
  void report(CsvText table, boolean skip) throws IOException {
    if (count == 0) {
      return;
    }
    String message =
        "%d of %d rows of '%s' cannot be used: %s%s"
            .formatted(
                count,
                table.rows().size(),
                table.name(),
                String.join("; ", named),
                count > NAMED ? "; and %d more".formatted(count - NAMED) : "");
    if (!skip) {
      throw new IOException(message + ". Correct them, or set bad_rows to skip");
    }
    LOG.log(System.Logger.Level.WARNING, message + "; they are left out");
  }
}
