package dev.graft.task;

import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.data.TargetKind;
import dev.graft.layers.Layer;
import dev.graft.model.HeadInput;
import dev.graft.model.Model;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

  /** Names of the classes by index; empty where there are none. */
  List<String> labels();

  /** What the targets of its data are. */
  TargetKind targetKind();

  /** True if it says of each example which one of the {@link #labels} it is. */
  default boolean classifies() {
    return targetKind() == TargetKind.CLASS;
  }

  /** Number of outputs of its head: as many as classes, one for a number. */
  default long outputs() {
    return Math.max(1, labels().size());
  }

  /** A new head with random weights: (N, features) to (N, outputs). */
  Layer head(long features);

  /** Id of the random path of a preprocessing that suits what it learns. */
  default String augmentation(Preprocessing preprocessing) {
    return preprocessing.usualAugmentation();
  }

  /** What the head reads. */
  default HeadInput headInput() {
    return HeadInput.EXAMPLE;
  }

  /**
   * Puts the head for this task on a network, in place of the present one; or leaves that one,
   * where it is what the task trains.
   *
   * @throws IllegalArgumentException if the network cannot do this task
   */
  default void putHeadOn(Model model) {
    model.replaceHead(head(model.featureCount()), headInput());
  }

  /** True if {@link #putHeadOn} leaves the pretrained head where it is. */
  default boolean keepsHead() {
    return false;
  }

  /**
   * Names of the model's inputs that {@link #targets} and {@link #scores} read beside what they are
   * given: where words begin, say. They stay at hand where the frozen part of a model is not run.
   */
  default Set<String> reads() {
    return Set.of();
  }

  /**
   * An example as it is read for prediction and evaluation: once, on the deterministic path; or in
   * parts, by a task that looks for something in all of it.
   */
  default List<Example> parts(Example raw, Preprocessing preprocessing) {
    return List.of(preprocessing.evalTransform().apply(raw));
  }

  /**
   * What the scores of the parts of an example come to, of a task that reads it in parts.
   *
   * @param parts one or more, in the order of the example
   */
  default double[] ofParts(List<double[]> parts) {
    return parts.get(0);
  }

  /**
   * Targets of a batch in the form that {@link #loss} reads: at least the tensor {@code labels}.
   *
   * @param rows one per example, as {@code Dataset.targetRow} returns them
   * @param inputs of the batch, at least those that the task {@linkplain #reads reads}
   */
  NamedTensors targets(double[][] rows, NamedTensors inputs);

  /** The same for a task that reads no inputs, where each target is one number. */
  default NamedTensors targets(double[] numbers) {
    return targets(Rows.of(numbers), NamedTensors.of(Map.of()));
  }

  /**
   * Mean loss of a batch.
   *
   * @param outputs what the model returned, with {@code logits}
   * @param targets {@code labels} as {@link #targets} made them, or {@code probabilities} (N, K)
   *     after mixing
   */
  Tensor loss(NamedTensors outputs, NamedTensors targets);

  /**
   * Scores of a batch in plain numbers, one row per example: probabilities or values.
   *
   * @param inputs of the batch, at least those that the task {@linkplain #reads reads}
   */
  double[][] scores(NamedTensors outputs, NamedTensors inputs);

  /** The same for a task that reads no inputs. */
  default double[][] scores(NamedTensors outputs) {
    return scores(outputs, NamedTensors.of(Map.of()));
  }

  /** The one number that the scores of an example come to, where it has no classes. */
  default double value(double[] scores) {
    return scores[0];
  }

  /** Metrics in the order of the report; the first one selects. */
  List<Metric> metrics();
}
