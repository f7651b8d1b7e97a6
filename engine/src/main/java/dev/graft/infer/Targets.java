package dev.graft.infer;

import dev.graft.data.Dataset;
import dev.graft.task.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The targets of a data set in the terms of a task: its classes may stand in another order. */
final class Targets {

  private final Dataset data;

  /**
   * Matches classes by name.
   *
   * @throws IllegalArgumentException if the data have a class that the task does not know, or are
   *     for another kind of task
   */
  Targets(Dataset data, Task task) {
    if (data.targetKind() != task.targetKind()) {
      throw new IllegalArgumentException(
          "the targets of the data are of kind %s, those of %s of kind %s; evaluate on data of the same kind"
              .formatted(data.targetKind(), task.id(), task.targetKind()));
    }
    List<String> unknown = new ArrayList<>(data.classes());
    unknown.removeAll(task.labels());
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "the data have the classes %s, the model knows %s; evaluate on data of the same classes"
              .formatted(data.classes(), task.labels()));
    }
    this.data = task.labels().isEmpty() ? data : data.relabelled(task.labels());
  }

  /** Targets of the examples at some positions. */
  double[][] of(int[] indices) {
    for (int index : indices) {
      if (Arrays.stream(data.targetRow(index)).anyMatch(Double::isNaN)) {
        throw new IllegalArgumentException(
            "example '%s' has no target; evaluate on labelled examples".formatted(data.id(index)));
      }
    }
    return data.targetRows(indices);
  }
}
