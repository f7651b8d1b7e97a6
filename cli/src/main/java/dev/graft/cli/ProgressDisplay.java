package dev.graft.cli;

import dev.graft.report.EpochRecord;
import dev.graft.train.TrainEvent;
import dev.graft.train.TrainListener;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Shows a run: a bar with loss, metric, rate and time left on a terminal, plain lines elsewhere,
 * one per epoch and one every half minute within.
 */
final class ProgressDisplay implements TrainListener, AutoCloseable {

  private static final double SECONDS_BETWEEN_LINES = 30;

  private final Screen screen;
  private final Optional<StatusLine> line;
  private Stretch stretch = new Stretch("", 0, 0);
  private long lastLine;
  private String metric = "";

  /**
   * What is being counted.
   *
   * @param name of the phase
   * @param began time of its first event in nanoseconds
   * @param from count at that time
   */
  private record Stretch(String name, long began, long from) {}

  ProgressDisplay(Screen screen) {
    this.screen = screen;
    this.line = screen.statusLine();
    this.lastLine = screen.nanos().getAsLong();
  }

  static ProgressDisplay onStandardError() {
    return new ProgressDisplay(Screen.standardError());
  }

  @Override
  public void on(TrainEvent event) {
    if (event instanceof TrainEvent.Progress progress) {
      advance(progress);
      return;
    }
    if (event instanceof TrainEvent.EpochEnded ended) {
      metric = firstMetric(ended.epoch());
    }
    String text = describe(event);
    if (!text.isEmpty()) {
      print(text);
    }
  }

  private void print(String text) {
    line.ifPresent(StatusLine::clear);
    screen.err().println(text);
    lastLine = screen.nanos().getAsLong();
  }

  private void advance(TrainEvent.Progress progress) {
    long now = screen.nanos().getAsLong();
    if (!progress.phase().equals(stretch.name) || progress.update() < stretch.from) {
      stretch = new Stretch(progress.phase(), now, progress.update());
    }
    String state = state(progress, left(progress, now));
    double share = (double) progress.update() / progress.of();
    if (line.isPresent()) {
      line.get().show(progress.phase(), share, state);
    } else if ((now - lastLine) / 1e9 >= SECONDS_BETWEEN_LINES) {
      print(progress.phase() + " " + state);
    }
  }

  private String left(TrainEvent.Progress progress, long now) {
    long made = progress.update() - stretch.from;
    if (made == 0) {
      return "";
    }
    double each = (now - stretch.began) / 1e9 / made;
    return ", " + Screen.duration(each * (progress.of() - progress.update())) + " left";
  }

  private String state(TrainEvent.Progress progress, String left) {
    String loss =
        Double.isNaN(progress.loss())
            ? ""
            : String.format(Locale.ROOT, ", loss %.4f%s", progress.loss(), metric);
    return String.format(
        Locale.ROOT,
        "%d/%d%s, %.0f/s%s",
        progress.update(),
        progress.of(),
        loss,
        progress.examplesPerSecond(),
        left);
  }

  private static String firstMetric(EpochRecord epoch) {
    return epoch.validation().entrySet().stream()
        .filter(entry -> !entry.getKey().equals("loss"))
        .findFirst()
        .map(e -> String.format(Locale.ROOT, ", %s %.4f", e.getKey(), e.getValue()))
        .orElse("");
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
      return describe(ended.epoch());
    }
    return event instanceof TrainEvent.Note note ? "note: " + note.text() : "";
  }

  private static String describe(EpochRecord epoch) {
    String training =
        Double.isNaN(epoch.trainingLoss())
            ? ""
            : String.format(Locale.ROOT, "training loss %.4f, ", epoch.trainingLoss());
    String found = firstMetric(epoch);
    Map<String, Double> validation = epoch.validation();
    String validationLoss =
        validation.containsKey("loss")
            ? String.format(Locale.ROOT, "validation loss %.4f", validation.get("loss"))
            : "no validation part";
    return String.format(
        Locale.ROOT,
        "%s epoch %d: %s%s%s (%.1f s)",
        epoch.phase(),
        epoch.epoch(),
        training,
        validationLoss,
        found,
        epoch.seconds());
  }

  @Override
  public void close() {
    line.ifPresent(StatusLine::clear);
  }
}
