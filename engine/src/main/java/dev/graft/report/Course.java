package dev.graft.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How training went, epoch by epoch: the curves with their data, and the same as a table. */
final class Course {

  private final Report report;
  private final List<EpochRecord> history;

  Course(Report report) {
    this.report = report;
    this.history = report.result().history();
  }

  String html() {
    if (history.isEmpty()) {
      return "";
    }
    if (history.size() == 1) {
      return Html.section(
          "course",
          "How training went",
          "The head was solved at once, so there is no course to draw. Validation figures are those"
              + " of the fit to the training part alone.",
          table());
    }
    String metric = report.selector().id();
    String kept =
        report
            .kept()
            .map(
                record ->
                    Html.text(
                        " The weights of phase %s, epoch %d were kept.",
                        record.phase(), record.epoch()))
            .orElse("");
    return Html.section(
        "course",
        "How training went",
        "Loss should fall; where the validation curve turns away from the training curve, the model"
            + " learns its examples by heart."
            + kept,
        "<div class=\"charts\">"
            + chart("loss", "Loss", "Loss by epoch")
            + chart("metric", "Validation " + metric, metric + " by epoch")
            + "</div>\n"
            + Html.details("All epochs as a table", table()));
  }

  private static String chart(String id, String title, String label) {
    return Html.format(
        "<div class=\"chart\"><h3>%s</h3><canvas id=\"%s\" role=\"img\" aria-label=\"%s\">"
            + "</canvas></div>",
        title, id, label);
  }

  private String table() {
    String metric = report.selector().id();
    List<List<String>> rows = new ArrayList<>();
    for (EpochRecord record : history) {
      rows.add(
          List.of(
              record.phase() + " " + record.epoch(),
              Html.count(record.updates()),
              Html.number(record.trainingLoss()),
              Html.number(record.validation().getOrDefault("loss", Double.NaN)),
              Html.number(record.validation().getOrDefault(metric, Double.NaN)),
              Html.number(record.learningRate()),
              Html.number(record.seconds())));
    }
    return Html.table(
        List.of(
            "epoch",
            "updates",
            "training loss",
            "validation loss",
            "validation " + metric,
            "learning rate",
            "seconds"),
        rows);
  }

  /** What the script of the page draws; numbers that are not finite are left out. */
  Map<String, Object> data() {
    Map<String, Object> data = new LinkedHashMap<>();
    String metric = report.selector().id();
    data.put("metric", metric);
    data.put("epochs", history.stream().map(EpochRecord::epoch).toList());
    data.put("phases", history.stream().map(EpochRecord::phase).toList());
    data.put("trainingLoss", history.stream().map(r -> finite(r.trainingLoss())).toList());
    data.put("validationLoss", history.stream().map(r -> validation(r, "loss")).toList());
    data.put("validationMetric", history.stream().map(r -> validation(r, metric)).toList());
    data.put("kept", report.result().kept());
    data.put(
        "points",
        report.test().map(TestOutcome::points).orElse(List.of()).stream()
            .map(point -> List.of(point.target(), point.predicted()))
            .toList());
    return data;
  }

  private static Double validation(EpochRecord record, String id) {
    return finite(record.validation().getOrDefault(id, Double.NaN));
  }

  /** JSON has no NaN; null leaves a gap in a curve. */
  private static Double finite(double value) {
    return Double.isFinite(value) ? Double.valueOf(value) : null;
  }
}
