package dev.graft.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A figure of a run: a metric of one of its tasks, or the mean over several. Figures of the first
 * task have the metric's id, those of another {@code task/id}, means {@code mean/id}.
 *
 * @param id key in the figures of a part
 * @param higherIsBetter true if more is better
 */
public record Figure(String id, boolean higherIsBetter) {

  private static final String LOSS = "loss";
  private static final String MEAN = "mean/";

  /**
   * The figures of a task in the order of the report, without the losses. The first one selects
   * weights. Of several tasks that is the mean of what selects each of them; where these are
   * different metrics, whose mean says nothing, the mean of the losses.
   */
  public static List<Figure> of(Task task) {
    Map<String, Task> all = task.all();
    List<Figure> figures = new ArrayList<>();
    if (all.size() > 1) {
      Metric first = task.metrics().get(0);
      figures.add(
          sameSelector(all)
              ? new Figure(MEAN + first.id(), first.higherIsBetter())
              : new Figure(MEAN + LOSS, false));
    }
    all.forEach(
        (name, each) ->
            each.metrics()
                .forEach(m -> figures.add(new Figure(key(name, m.id()), m.higherIsBetter()))));
    return figures;
  }

  /** What selects the weights of a run. */
  public static Figure selector(Task task) {
    return of(task).get(0);
  }

  /**
   * All figures of a part, losses included.
   *
   * @param evaluations by name of the task; those without examples are left out
   */
  public static Map<String, Double> values(Task task, Map<String, Evaluation> evaluations) {
    Map<String, Task> all = task.all();
    Map<String, Double> values = new LinkedHashMap<>();
    if (evaluations.isEmpty()) {
      return values;
    }
    if (all.size() > 1) {
      String selector = selector(task).id();
      values.put(selector, mean(all, evaluations, selector.substring(MEAN.length())));
    }
    all.forEach(
        (name, each) -> {
          Evaluation found = evaluations.get(name);
          if (found != null) {
            found.metrics(each).forEach((id, value) -> values.put(key(name, id), value));
          }
        });
    return values;
  }

  private static double mean(
      Map<String, Task> all, Map<String, Evaluation> evaluations, String metric) {
    return evaluations.entrySet().stream()
        .mapToDouble(entry -> entry.getValue().metrics(all.get(entry.getKey())).get(metric))
        .average()
        .orElse(Double.NaN);
  }

  private static boolean sameSelector(Map<String, Task> all) {
    Set<String> ids = new TreeSet<>();
    all.values().forEach(task -> ids.add(task.metrics().get(0).id()));
    return ids.size() == 1;
  }

  private static String key(String task, String metric) {
    return task.equals(Task.MAIN) ? metric : task + "/" + metric;
  }
}
