package dev.graft.cli;

import dev.graft.train.TrainEvent;
import dev.graft.train.TrainListener;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows a run on standard error: a progress bar on a terminal, plain lines elsewhere. */
final class ProgressDisplay implements TrainListener, AutoCloseable {

  private final PrintStream err;
  private final boolean terminal;
  private ProgressBar bar;

  ProgressDisplay(PrintStream err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  static ProgressDisplay onStandardError() {
    return new ProgressDisplay(System.err, isTerminal());
  }

  /** The launcher says by a property whether standard error is a terminal. */
  static boolean isTerminal() {
    return Boolean.getBoolean("graft.terminal");
  }

  @Override
  public void on(TrainEvent event) {
    if (event instanceof TrainEvent.Progress progress) {
      advance(progress);
      return;
    }
    String line = describe(event);
    if (!line.isEmpty()) {
      endBar();
      err.println(line);
    }
  }

  private void advance(TrainEvent.Progress progress) {
    if (!terminal) {
      return;
    }
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(progress.phase())
              .setInitialMax(progress.of())
              .setStyle(ProgressBarStyle.ASCII)
              .setConsumer(new ConsoleProgressBarConsumer(err))
              .setUpdateIntervalMillis(200)
              .build();
    }
    bar.stepTo(progress.update());
    bar.setExtraMessage(
        String.format(
            Locale.ROOT,
            "loss %.4f, %.0f examples/s",
            progress.loss(),
            progress.examplesPerSecond()));
  }

  private static String describe(TrainEvent event) {
    if (event instanceof TrainEvent.RunStarted started) {
      return started.resumedAt() > 0 ? "going on after update " + started.resumedAt() : "";
    }
    if (event instanceof TrainEvent.PhaseStarted phase) {
      return String.format(
          Locale.ROOT,
          "phase %d/%d %s: %,d parameters train, %d groups frozen in front, %d updates",
          phase.number(),
          phase.of(),
          phase.name(),
          phase.trainable(),
          phase.frozenGroups(),
          phase.updates());
    }
    if (event instanceof TrainEvent.FeaturesCached cached) {
      return String.format(
          Locale.ROOT,
          "features of %d %s examples %s (%.1f MiB)",
          cached.examples(),
          cached.data(),
          cached.reused() ? "found in the cache" : "computed and kept",
          cached.bytes() / 1048576.0);
    }
    if (event instanceof TrainEvent.EpochEnded ended) {
      return String.format(
          Locale.ROOT,
          "%s epoch %d: training loss %.4f, validation %s (%.1f s)",
          ended.epoch().phase(),
          ended.epoch().epoch(),
          ended.epoch().trainingLoss(),
          figures(ended.epoch().validation()),
          ended.epoch().seconds());
    }
    return event instanceof TrainEvent.Note note ? "note: " + note.text() : "";
  }

  private static String figures(Map<String, Double> metrics) {
    return metrics.isEmpty()
        ? "none"
        : metrics.entrySet().stream()
            .map(e -> String.format(Locale.ROOT, "%s %.4f", e.getKey(), e.getValue()))
            .collect(Collectors.joining(", "));
  }

  private void endBar() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  @Override
  public void close() {
    endBar();
  }
}
