package dev.graft.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What a model says about every readable example of a data set.
 *
 * @param scores one row per example, as the task gives them
 * @param targets one per row, as {@code Dataset.targetRow} returns them
 * @param indices position of each row in the data set
 * @param loss mean loss
 */
public record Evaluation(double[][] scores, double[][] targets, int[] indices, double loss) {

  /**
   * Puts together what a model says about examples that came in parts, one behind the other.
   *
   * @param scores one row per part
   * @param indices position of the example of each part in the data set
   * @param targets of positions
   * @param loss mean over the parts
   */
  public static Evaluation ofParts(
      Task task,
      List<double[]> scores,
      int[] indices,
      Function<int[], double[][]> targets,
      double loss) {
    List<double[]> whole = new ArrayList<>();
    IntStream.Builder examples = IntStream.builder();
    for (int from = 0; from < indices.length; ) {
      int to = from + 1;
      while (to < indices.length && indices[to] == indices[from]) {
        to++;
      }
      whole.add(task.ofParts(scores.subList(from, to)));
      examples.add(indices[from]);
      from = to;
    }
    int[] positions = examples.build().toArray();
    return new Evaluation(
        whole.toArray(double[][]::new), targets.apply(positions), positions, loss);
  }

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
