package dev.graft.infer;

import dev.graft.task.Evaluation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How well a bundle does on labelled data.
 *
 * @param metrics by id, in the order of the task, and {@code loss}
 * @param evaluation the scores of each example
 * @param skipped names of the examples that could not be read
 */
public record EvaluationResult(
    Map<String, Double> metrics, Evaluation evaluation, List<String> skipped) {

  public EvaluationResult {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    skipped = List.copyOf(skipped);
  }
}
