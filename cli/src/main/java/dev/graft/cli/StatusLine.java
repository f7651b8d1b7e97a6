package dev.graft.cli;

import java.io.PrintStream;

/** The last line of a terminal, written anew in place. */
final class StatusLine {

  private static final String CLEAR_TO_END = "\u001b[K";
  private static final int NARROWEST_BAR = 5;
  private static final int WIDEST_BAR = 24;

  private final PrintStream err;
  private final int columns;
  private boolean shown;

  /**
   * A line of a terminal.
   *
   * @param columns its width in characters
   */
  StatusLine(PrintStream err, int columns) {
    this.err = err;
    this.columns = columns;
  }

  /**
   * Shows a bar between two texts; what does not fit is cut off.
   *
   * @param share done so far, from 0 to 1
   */
  void show(String before, double share, String behind) {
    int room = columns - before.length() - behind.length() - 5;
    int width = Math.max(NARROWEST_BAR, Math.min(WIDEST_BAR, room));
    int done = (int) (width * Math.max(0, Math.min(1, share)));
    String bar = "=".repeat(done) + " ".repeat(width - done);
    String text = before + " [" + bar + "] " + behind;
    // The last column stays free: a terminal may break the line there.
    err.print("\r" + text.substring(0, Math.min(text.length(), columns - 1)) + CLEAR_TO_END);
    err.flush();
    shown = true;
  }

  /** Leaves an empty line for other text. */
  void clear() {
    if (shown) {
      err.print("\r" + CLEAR_TO_END);
      err.flush();
      shown = false;
    }
  }
}
