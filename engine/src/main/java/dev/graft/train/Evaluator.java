package dev.graft.train;

import dev.graft.data.Batching;
import dev.graft.data.Dataset;
import dev.graft.data.ExampleReader;
import dev.graft.model.Model;
import dev.graft.task.Evaluation;
import dev.graft.task.Task;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Finds out what a model says about the examples of a feed. */
final class Evaluator {

  private Evaluator() {}

  /** Runs the groups from {@code cut} on over a feed, in evaluation mode, without gradients. */
  static Evaluation evaluate(
      Model model,
      int cut,
      Task task,
      Feed feed,
      ExampleReader.Preparation preparation,
      int batch) {
    Dataset data = feed.data();
    List<double[]> scores = new ArrayList<>();
    List<int[]> indices = new ArrayList<>();
    double lossSum = 0;
    int count = 0;
    Feed.Batches batches = feed.batches(Batching.forEvaluation(data, batch), preparation);
    while (batches.hasNext()) {
      try (Scope scope = Scope.open();
          Autograd off = Autograd.off()) {
        Feed.Loaded loaded = batches.next();
        if (loaded != null) {
          NamedTensors outputs = model.forward(loaded.state(), cut, model.groups().size());
          NamedTensors targets = task.targets(data.targetRows(loaded.indices()), loaded.state());
          lossSum += task.loss(outputs, targets).item() * loaded.indices().length;
          count += loaded.indices().length;
          scores.addAll(Arrays.asList(task.scores(outputs, loaded.state())));
          indices.add(loaded.indices());
        }
      }
    }
    int[] rows = indices.stream().flatMapToInt(Arrays::stream).toArray();
    return new Evaluation(
        scores.toArray(double[][]::new), data.targetRows(rows), rows, lossSum / count);
  }

  /** What a whole model says about the examples of a feed, on the deterministic path. */
  static Evaluation whole(TrainJob job, Model model, Task task, Feed feed) {
    model.network().setTrainingAll(false);
    return evaluate(
        model,
        0,
        task,
        feed,
        (example, index) -> job.preprocessing().evalTransform().apply(example),
        job.options().evaluationBatch());
  }
}
