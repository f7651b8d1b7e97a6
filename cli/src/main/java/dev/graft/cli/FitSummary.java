package dev.graft.cli;

import dev.graft.Fitted;
import dev.graft.report.TrainResult;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The result of a fit in the form that {@code --json} prints.
 *
 * @param bundle folder of the trained model; null where the run was stopped
 * @param metrics by part and id; the test part was touched once
 * @param parameters numbers of parameters
 * @param changesBytes size of what differs from the base, as a file; null where it was not written
 * @param seconds wall-clock time
 * @param completed false if the run was stopped and can be resumed
 */
record FitSummary(
    String bundle,
    Map<String, Map<String, Double>> metrics,
    Parameters parameters,
    Long changesBytes,
    double seconds,
    boolean completed) {

  /**
   * Numbers of parameters.
   *
   * @param total all
   * @param trainable those that trained
   */
  record Parameters(long total, long trainable) {}

  static FitSummary of(Fitted fitted) {
    TrainResult result = fitted.result();
    return new FitSummary(
        fitted.bundle().map(bundle -> bundle.folder().toString()).orElse(null),
        parts(result),
        new Parameters(result.parameters(), result.trainable()),
        null,
        result.seconds(),
        result.completed());
  }

  /** With the size of what differs from the base. */
  FitSummary withChanges(long bytes) {
    return new FitSummary(bundle, metrics, parameters, bytes, seconds, completed);
  }

  private static Map<String, Map<String, Double>> parts(TrainResult result) {
    Map<String, Map<String, Double>> parts = new LinkedHashMap<>();
    parts.put("validation", result.validation());
    parts.put("test", result.test());
    return parts;
  }

  void print(PrintWriter out) {
    metrics.forEach(
        (part, figures) ->
            figures.forEach(
                (id, figure) ->
                    out.println(
                        String.format(Locale.ROOT, "%-11s %-17s %8.4f", part, id, figure))));
    out.println(
        String.format(
            Locale.ROOT,
            "trained     %,d of %,d parameters in %.1f s",
            parameters.trainable,
            parameters.total,
            seconds));
    out.println("bundle      " + bundle);
  }
}
