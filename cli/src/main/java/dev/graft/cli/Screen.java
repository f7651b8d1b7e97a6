package dev.graft.cli;

import java.io.PrintStream;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Where progress is shown.
 *
 * @param err plain lines go there
 * @param columns width of the terminal in characters; 0: no terminal
 * @param nanos a clock that never goes back
 */
record Screen(PrintStream err, int columns, LongSupplier nanos) {

  private static final int USUAL = 80;

  /** Standard error; the launcher says by properties whether it is a terminal, and how wide. */
  static Screen standardError() {
    int columns = Integer.getInteger("graft.columns", USUAL);
    boolean terminal = Boolean.getBoolean("graft.terminal");
    return new Screen(System.err, terminal ? (columns > 0 ? columns : USUAL) : 0, System::nanoTime);
  }

  /** The line that is written in place; empty where there is no terminal. */
  Optional<StatusLine> statusLine() {
    return columns > 0 ? Optional.of(new StatusLine(err, columns)) : Optional.empty();
  }

  /** A duration as {@code m:ss} or {@code h:mm:ss}. */
  static String duration(double seconds) {
    long whole = Math.round(seconds);
    return whole < 3600
        ? "%d:%02d".formatted(whole / 60, whole % 60)
        : "%d:%02d:%02d".formatted(whole / 3600, whole / 60 % 60, whole % 60);
  }
}
