package dev.graft.task;

import dev.graft.layers.Layer;
import dev.graft.model.HeadInput;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** What a model is to do: head, loss, metrics and the meaning of the outputs. Immutable. */
public interface Task {

  /** Name of the first task of a run, the one that its labelled data are for. */
  String MAIN = "main";

  /** What a model does, by name, the first task first; a plain task is all there is. */
  default Map<String, Task> all() {
    return Map.of(MAIN, this);
  }

  /** The task whose labels a data set of the run has; see {@link #dataName}. */
  default Task ofData(String data) {
    return this;
  }

  /** What a model returned, with the {@code logits} of this task alone. */
  default NamedTensors own(NamedTensors outputs) {
    return outputs;
  }

  /**
   * Name in the run of a part of a task's data: the part's own for the first task, {@code
   * task.part} for any other.
   */
  static String dataName(String task, String part) {
    return task.equals(MAIN) ? part : task + "." + part;
  }

  /** Id under which the task is registered, for example {@code classification}. */
  String id();

  /** Everything needed to build it again: values as JSON knows them. */
  Map<String, Object> settings();

  /** Names of the classes by index; empty where the target is a number. */
  List<String> labels();

  /** Number of outputs of its head: as many as classes, one for a number. */
  default long outputs() {
    return Math.max(1, labels().size());
  }

  /** A new head with random weights: (N, features) to (N, outputs). */
  Layer head(long features);

  /** What the head reads. */
  default HeadInput headInput() {
    return HeadInput.EXAMPLE;
  }

  /**
   * Targets of a batch in the form that {@link #loss} reads: at least the tensor {@code labels}.
   */
  NamedTensors targets(double[] targets);

  /**
   * Mean loss of a batch.
   *
   * @param outputs what the model returned, with {@code logits}
   * @param targets {@code labels} as {@link #targets} made them, or {@code probabilities} (N, K)
   *     after mixing
   */
  Tensor loss(NamedTensors outputs, NamedTensors targets);

  /** Scores of a batch in plain numbers, one row per example: probabilities or values. */
  double[][] scores(NamedTensors outputs);

  /** Metrics in the order of the report; the first one selects. */
  List<Metric> metrics();
}
