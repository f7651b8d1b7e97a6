package dev.graft.infer;

import dev.graft.data.Dataset;
import dev.graft.task.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The targets of a data set in the terms of a task: its classes may stand in another order. */
final class Targets {

  private final Dataset data;

  /** Index in the task by index in the data; empty where the target is a number. */
  private final int[] classes;

  /**
   * Matches classes by name.
   *
   * @throws IllegalArgumentException if the data have a class that the task does not know, or
   *     classes where it predicts a number
   */
  Targets(Dataset data, Task task) {
    this.data = data;
    List<String> unknown = new ArrayList<>(data.classes());
    unknown.removeAll(task.labels());
    if (!unknown.isEmpty() || data.classes().isEmpty() != task.labels().isEmpty()) {
      throw new IllegalArgumentException(
          "the data have the classes %s, the model knows %s; evaluate on data of the same classes"
              .formatted(data.classes(), task.labels()));
    }
    this.classes = data.classes().stream().mapToInt(task.labels()::indexOf).toArray();
  }

  /** Targets of the examples at some positions. */
  double[] of(int[] indices) {
    return Arrays.stream(indices).mapToDouble(this::of).toArray();
  }

  private double of(int index) {
    double target = data.target(index);
    if (Double.isNaN(target)) {
      throw new IllegalArgumentException(
          "example '%s' has no target; evaluate on labelled examples".formatted(data.id(index)));
    }
    return classes.length == 0 ? target : classes[(int) target];
  }
}
