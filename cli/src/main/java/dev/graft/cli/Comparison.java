package dev.graft.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Figures of several methods over several seeds.
 *
 * @param seeds the seeds each row was run with
 * @param rows one per method
 */
record Comparison(List<Long> seeds, List<Row> rows) {

  /**
   * One method.
   *
   * @param method as it was asked for
   * @param metric id of the task's first metric
   * @param mean of the metric on the test part over the seeds
   * @param deviation standard deviation over the seeds, n - 1; 0 for one seed
   * @param runs the metric of each seed, in order
   * @param trainable number of parameters that trained
   * @param seconds mean wall-clock time
   * @param changesBytes size of what differs from the base, as a file; null where it is not known
   */
  record Row(
      String method,
      String metric,
      double mean,
      double deviation,
      List<Double> runs,
      long trainable,
      double seconds,
      Long changesBytes) {

    static Row of(String method, List<FitSummary> summaries) {
      String metric = firstMetric(summaries.get(0));
      List<Double> runs = summaries.stream().map(s -> s.metrics().get("test").get(metric)).toList();
      double mean = runs.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
      double squares = runs.stream().mapToDouble(run -> (run - mean) * (run - mean)).sum();
      return new Row(
          method,
          metric,
          mean,
          runs.size() > 1 ? Math.sqrt(squares / (runs.size() - 1)) : 0,
          runs,
          summaries.get(0).parameters().trainable(),
          summaries.stream().mapToDouble(FitSummary::seconds).average().orElseThrow(),
          summaries.get(0).changesBytes());
    }

    private static String firstMetric(FitSummary summary) {
      return summary.metrics().get("test").keySet().iterator().next();
    }
  }

  /** The table as Markdown; figures of the test part, which selection never saw. */
  String markdown() {
    boolean changes = rows.stream().anyMatch(row -> row.changesBytes != null);
    String head =
        "| method | test %s, mean ± sd over seeds %s | trainable parameters |"
            .formatted(rows.get(0).metric, seeds);
    return head
        + (changes ? " changes, MB |" : "")
        + " seconds |%n| --- | --- | --- |".formatted()
        + (changes ? " --- |" : "")
        + " --- |%n".formatted()
        + rows.stream().map(row -> line(row, changes)).collect(Collectors.joining());
  }

  private static String line(Row row, boolean changes) {
    return String.format(
        Locale.ROOT,
        "| %s | %.4f ± %.4f | %,d |%s %.1f |%n",
        row.method,
        row.mean,
        row.deviation,
        row.trainable,
        changes ? " " + megabytes(row.changesBytes) + " |" : "",
        row.seconds);
  }

  private static String megabytes(Long bytes) {
    return bytes == null ? "" : String.format(Locale.ROOT, "%.2f", bytes / 1e6);
  }
}
