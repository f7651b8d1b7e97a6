package dev.graft.cli;

import dev.graft.weights.hub.HubListener;
import java.util.Locale;
import java.util.Optional;

/** Shows a pull: a bar per file on a terminal, a line per file elsewhere. */
final class PullDisplay implements HubListener, AutoCloseable {

  private final Screen screen;
  private final Optional<StatusLine> line;

  PullDisplay(Screen screen) {
    this.screen = screen;
    this.line = screen.statusLine();
  }

  static PullDisplay onStandardError() {
    return new PullDisplay(Screen.standardError());
  }

  /** Called on threads of the HTTP client too. */
  @Override
  public synchronized void progress(String file, long done, long total) {
    if (done == total) {
      close();
      screen.err().println(String.format(Locale.ROOT, "%s: %,d bytes", file, total));
    } else {
      line.ifPresent(
          bar ->
              bar.show(
                  file,
                  (double) done / total,
                  String.format(Locale.ROOT, "%,d of %,d bytes", done, total)));
    }
  }

  @Override
  public synchronized void close() {
    line.ifPresent(StatusLine::clear);
  }
}
