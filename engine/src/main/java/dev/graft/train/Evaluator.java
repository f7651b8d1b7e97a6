package dev.graft.train;

import dev.graft.data.Batching;
import dev.graft.data.Dataset;
import dev.graft.model.Model;
import dev.graft.task.Evaluation;
import dev.graft.task.Task;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Finds out what a model says about the examples of a feed. */
final class Evaluator {

  private Evaluator() {}

  /**
   * Runs the groups from {@code cut} on over a feed, in evaluation mode, without gradients; each
   * example as the task reads it.
   */
  static Evaluation evaluate(TrainJob job, Model model, int cut, Task task, Feed feed) {
    Dataset data = feed.data();
    int batch = job.options().evaluationBatch();
    List<double[]> scores = new ArrayList<>();
    IntStream.Builder rows = IntStream.builder();
    double lossSum = 0;
    Feed.Batches batches =
        feed.parts(
            Batching.forEvaluation(data, batch),
            batch,
            example -> task.parts(example, job.preprocessing()));
    while (batches.hasNext()) {
      try (Scope scope = Scope.open();
          Autograd off = Autograd.off()) {
        Feed.Loaded loaded = batches.next();
        if (loaded != null) {
          NamedTensors outputs = model.forward(loaded.state(), cut, model.groups().size());
          NamedTensors targets = task.targets(data.targetRows(loaded.indices()), loaded.state());
          lossSum += task.loss(outputs, targets).item() * loaded.indices().length;
          scores.addAll(Arrays.asList(task.scores(outputs, loaded.state())));
          Arrays.stream(loaded.indices()).forEach(rows::add);
        }
      }
    }
    return Evaluation.ofParts(
        task, scores, rows.build().toArray(), data::targetRows, lossSum / scores.size());
  }

  /** What a whole model says about the examples of a feed, on the deterministic path. */
  static Evaluation whole(TrainJob job, Model model, Task task, Feed feed) {
    model.network().setTrainingAll(false);
    return evaluate(job, model, 0, task, feed);
  }
}
