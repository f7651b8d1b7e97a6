package dev.graft.infer;

import dev.graft.data.Batching;
import dev.graft.data.Dataset;
import dev.graft.data.ExampleReader;
import dev.graft.task.Evaluation;
import dev.graft.task.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.stream.IntStream;

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

  /** What a model says about labelled data; see {@link Predictor#evaluate(Dataset)}. */
  static EvaluationResult of(
      Dataset data, OpenedModel opened, ForwardPass pass, int most, ExecutorService decoders) {
    Task task = opened.task();
    Targets targets = new Targets(data, task);
    Set<String> skipped = new TreeSet<>();
    Iterator<ExampleReader.Rows> batches =
        new ExampleReader(decoders, /* skipCorrupt= */ true, e -> skipped.add(e.id()))
            .readParts(
                data,
                Batching.forEvaluation(data, most),
                most,
                example -> task.parts(example, opened.preprocessing()));
    List<double[]> scores = new ArrayList<>();
    IntStream.Builder read = IntStream.builder();
    double lossSum = 0;
    while (batches.hasNext()) {
      ExampleReader.Rows rows = batches.next();
      if (rows.indices().length > 0) {
        double[][] truth = targets.of(rows.indices());
        lossSum += pass.loss(rows.examples(), truth, scores) * truth.length;
        Arrays.stream(rows.indices()).forEach(read::add);
      }
    }
    if (scores.isEmpty()) {
      throw new IllegalArgumentException(
          "none of the %d examples could be read; give labelled examples".formatted(data.size()));
    }
    Evaluation evaluation =
        Evaluation.ofParts(
            task, scores, read.build().toArray(), targets::of, lossSum / scores.size());
    return new EvaluationResult(evaluation.metrics(task), evaluation, new ArrayList<>(skipped));
  }
}
