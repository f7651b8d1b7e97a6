package dev.graft.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Figures of several tasks on the test parts: each alone, then together in several ways.
 *
 * @param tasks names in the order of the columns
 * @param seeds the seeds each row was run with
 * @param rows one per way
 */
record TaskComparison(List<String> tasks, List<Long> seeds, List<Row> rows) {

  /**
   * A figure of one task.
   *
   * @param metric id of the task's first metric
   * @param mean over the seeds
   * @param deviation standard deviation over the seeds, n - 1; 0 for one seed
   * @param runs the figure of each seed, in order
   */
  record Figure(String metric, double mean, double deviation, List<Double> runs) {

    static Figure of(String metric, List<Double> runs) {
      double mean = runs.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
      double squares = runs.stream().mapToDouble(run -> (run - mean) * (run - mean)).sum();
      double deviation = runs.size() > 1 ? Math.sqrt(squares / (runs.size() - 1)) : 0;
      return new Figure(metric, mean, deviation, runs);
    }
  }

  /**
   * One way.
   *
   * @param name id of the weighting, or {@code alone}
   * @param figures by task
   * @param parameters of all networks that it takes to do the tasks
   * @param seconds mean wall-clock time of all runs of a seed
   */
  record Row(String name, Map<String, Figure> figures, long parameters, double seconds) {

    /**
     * A row.
     *
     * @param runs for each seed one run for all tasks, or one per task under its name
     */
    static Row of(String name, List<String> tasks, List<Map<String, FitSummary>> runs) {
      Map<String, Figure> figures = new LinkedHashMap<>();
      for (String task : tasks) {
        String metric = "";
        List<Double> values = new ArrayList<>();
        for (Map<String, FitSummary> seed : runs) {
          boolean alone = seed.containsKey(task);
          FitSummary run = alone ? seed.get(task) : seed.values().iterator().next();
          String key = firstKey(run.metrics().get("test"), alone ? "main" : task);
          metric = key.substring(key.indexOf('/') + 1);
          values.add(run.metrics().get("test").get(key));
        }
        figures.put(task, Figure.of(metric, values));
      }
      return new Row(
          name,
          figures,
          runs.get(0).values().stream().mapToLong(run -> run.parameters().total()).sum(),
          runs.stream()
              .mapToDouble(seed -> seed.values().stream().mapToDouble(FitSummary::seconds).sum())
              .average()
              .orElseThrow());
    }

    private static String firstKey(Map<String, Double> test, String task) {
      return test.keySet().stream()
          .filter(key -> task.equals("main") ? !key.contains("/") : key.startsWith(task + "/"))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "task '%s' has no test part; its figures are %s"
                          .formatted(task, test.keySet())));
    }
  }

  /** The table as Markdown; figures of the test parts, which selection never saw. */
  String markdown() {
    StringBuilder table = new StringBuilder("| tasks |");
    StringBuilder line = new StringBuilder("| --- |");
    rows.get(0)
        .figures
        .forEach(
            (task, figure) -> {
              table.append(" %s: test %s |".formatted(task, figure.metric));
              line.append(" --- |");
            });
    table.append(" mean | parameters | seconds |%n".formatted());
    table.append(line).append(" --- | --- | --- |%n".formatted());
    for (Row row : rows) {
      table.append("| ").append(row.name).append(" |");
      row.figures.values().forEach(f -> table.append(cell(f)));
      double mean = row.figures.values().stream().mapToDouble(Figure::mean).average().orElseThrow();
      table.append(
          String.format(Locale.ROOT, " %.4f | %,d | %.1f |%n", mean, row.parameters, row.seconds));
    }
    return table + "%nMean ± standard deviation over the seeds %s.%n".formatted(seeds);
  }

  private static String cell(Figure figure) {
    return String.format(Locale.ROOT, " %.4f ± %.4f |", figure.mean, figure.deviation);
  }
}
