package dev.graft.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Of a run with several tasks, a section for each but the first: its figures and confusions. */
final class TaskSections {

  private final Report report;

  TaskSections(Report report) {
    this.report = report;
  }

  String html() {
    StringBuilder html = new StringBuilder();
    for (Map.Entry<String, TestOutcome> task : report.others().entrySet()) {
      html.append(
          Html.section(
              "task-" + task.getKey(),
              "Task " + task.getKey(),
              "What the same network says for this task, on the test examples of its own.",
              figures(task.getKey()) + new Outcomes(task.getValue()).plain()));
    }
    return html.toString();
  }

  private String figures(String task) {
    List<List<String>> rows = new ArrayList<>();
    for (Report.Measure measure : report.measures()) {
      if (measure.id().startsWith(task + "/")) {
        rows.add(
            List.of(
                measure.id().substring(task.length() + 1),
                figure(report.result().test(), measure.id()),
                figure(report.result().validation(), measure.id()),
                measure.higherIsBetter() ? "higher" : "lower"));
      }
    }
    return Html.table(List.of("metric", "test", "validation", "better"), rows);
  }

  private static String figure(Map<String, Double> metrics, String id) {
    return metrics.containsKey(id) ? Html.number(metrics.get(id)) : "–";
  }
}
