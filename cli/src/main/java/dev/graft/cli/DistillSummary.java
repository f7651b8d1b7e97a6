package dev.graft.cli;

import dev.graft.Measured;
import java.util.Locale;
import java.util.Map;

/**
 * Teacher and student side by side, in the form that {@code --json} prints.
 *
 * @param teacher number of parameters and figures on the test part
 * @param student what the training gave
 */
record DistillSummary(Measured teacher, FitSummary student) {

  /** The comparison as a Markdown table. */
  String markdown() {
    Map<String, Double> test = student.metrics().get("test");
    String metric = test.isEmpty() ? "figures" : test.keySet().iterator().next();
    StringBuilder table = new StringBuilder();
    table.append("| model | parameters | test %s |%n".formatted(metric));
    table.append("| --- | --- | --- |%n".formatted());
    table.append(line("teacher", teacher.parameters(), teacher.test().get(metric)));
    table.append(line("student", student.parameters().total(), test.get(metric)));
    return table.toString();
  }

  private static String line(String name, long parameters, Double figure) {
    String value = figure == null ? "other classes" : String.format(Locale.ROOT, "%.4f", figure);
    return String.format(Locale.ROOT, "| %s | %,d | %s |%n", name, parameters, value);
  }
}
