package dev.graft.task;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a model says about every readable example of a data set.
 *
 * @param scores one row per example, as the task gives them
 * @param targets one per row, as {@code Dataset.targetRow} returns them
 * @param indices position of each row in the data set
 * @param loss mean loss
 */
public record Evaluation(double[][] scores, double[][] targets, int[] indices, double loss) {

  /** The targets where each is one number. */
  public double[] numbers() {
    return Rows.first(targets);
  }

  /** The task's metrics by id, and {@code loss}. */
  public Map<String, Double> metrics(Task task) {
    Map<String, Double> result = new LinkedHashMap<>();
    for (Metric metric : task.metrics()) {
      result.put(metric.id(), metric.compute(scores, targets));
    }
    result.put("loss", loss);
    return result;
  }
}
