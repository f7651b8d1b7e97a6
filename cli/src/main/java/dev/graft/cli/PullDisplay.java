package dev.graft.cli;

import dev.graft.weights.hub.HubListener;
import java.io.PrintStream;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows a pull on standard error: a bar per file on a terminal, a line per file elsewhere. */
final class PullDisplay implements HubListener, AutoCloseable {

  private static final long MEBIBYTE = 1 << 20;

  private final PrintStream err;
  private final boolean terminal;
  private ProgressBar bar;
  private String shown = "";

  PullDisplay(PrintStream err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  static PullDisplay onStandardError() {
    return new PullDisplay(System.err, ProgressDisplay.isTerminal());
  }

  /** Called on threads of the HTTP client too. */
  @Override
  public synchronized void progress(String file, long done, long total) {
    if (terminal) {
      advance(file, done, total);
    } else if (done == total) {
      err.println(String.format(Locale.ROOT, "%s: %,d bytes", file, total));
    }
  }

  private void advance(String file, long done, long total) {
    if (!file.equals(shown)) {
      close();
      shown = file;
      bar =
          new ProgressBarBuilder()
              .setTaskName(file)
              .setInitialMax(total)
              .setUnit(" MiB", MEBIBYTE)
              .setStyle(ProgressBarStyle.ASCII)
              .setConsumer(new ConsoleProgressBarConsumer(err))
              .setUpdateIntervalMillis(200)
              .build();
    }
    bar.stepTo(done);
  }

  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
