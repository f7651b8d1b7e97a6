package dev.graft.task;

import dev.graft.data.TargetKind;
import dev.graft.layers.Layer;
import dev.graft.model.HeadInput;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Several tasks on one backbone. The head holds one head per task, by name, and puts their outputs
 * side by side; each task reads its own columns. Taken as one task it is the first of them.
 *
 * @param tasks at least two, by name; the first is {@link Task#MAIN}
 */
public record MultiTask(Map<String, Task> tasks) implements Task {

  /** Id of this task. */
  public static final String ID = "multi-task";

  private static final String NAME = "[a-z0-9][a-z0-9_-]*";

  public MultiTask {
    tasks = Collections.unmodifiableMap(new LinkedHashMap<>(tasks));
    if (tasks.size() < 2 || !tasks.keySet().iterator().next().equals(MAIN)) {
      throw new IllegalArgumentException(
          "several tasks are two or more and the first is '%s'; these are %s"
              .formatted(MAIN, tasks.keySet()));
    }
    for (Map.Entry<String, Task> task : tasks.entrySet()) {
      if (!task.getKey().matches(NAME) || task.getValue() instanceof MultiTask) {
        throw new IllegalArgumentException(
            "'%s' cannot be one of several tasks; a name has lower case, digits, hyphens and underscores, and a task is a plain one"
                .formatted(task.getKey()));
      }
      if (task.getValue().headInput() != HeadInput.EXAMPLE || !task.getValue().reads().isEmpty()) {
        throw new IllegalArgumentException(
            "task '%s' is %s, which does not read one vector per example; it must be the only task"
                .formatted(task.getKey(), task.getValue().id()));
      }
    }
  }

  /** The tasks that {@link #settings} wrote. */
  static MultiTask of(Map<String, Object> settings) {
    Map<String, Task> tasks = new LinkedHashMap<>();
    if (settings.get("tasks") instanceof List<?> list) {
      for (Object each : list) {
        if (each instanceof Map<?, ?> one
            && one.get("name") instanceof String name
            && one.get("id") instanceof String id
            && one.get("settings") instanceof Map<?, ?> own) {
          Map<String, Object> plain = new LinkedHashMap<>();
          own.forEach((key, value) -> plain.put(String.valueOf(key), value));
          tasks.put(name, Tasks.of(id, plain));
        }
      }
      if (tasks.size() == list.size()) {
        return new MultiTask(tasks);
      }
    }
    throw new IllegalArgumentException(
        "setting 'tasks' is %s, it must be a list of name, id and settings"
            .formatted(settings.get("tasks")));
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public Map<String, Object> settings() {
    List<Map<String, Object>> list = new ArrayList<>();
    tasks.forEach(
        (name, task) -> {
          Map<String, Object> one = new LinkedHashMap<>();
          one.put("name", name);
          one.put("id", task.id());
          one.put("settings", task.settings());
          list.add(one);
        });
    return Map.of("tasks", list);
  }

  /** Each task as it reads the outputs of all. */
  @Override
  public Map<String, Task> all() {
    Map<String, Task> all = new LinkedHashMap<>();
    long from = 0;
    for (Map.Entry<String, Task> entry : tasks.entrySet()) {
      Task task = entry.getValue();
      all.put(entry.getKey(), new Columns(task, from));
      from += task.outputs();
    }
    return all;
  }

  @Override
  public Task ofData(String data) {
    int dot = data.indexOf('.');
    return all().getOrDefault(dot < 0 ? MAIN : data.substring(0, dot), first());
  }

  @Override
  public NamedTensors own(NamedTensors outputs) {
    return first().own(outputs);
  }

  private Task first() {
    return new Columns(tasks.get(MAIN), 0);
  }

  @Override
  public List<String> labels() {
    return first().labels();
  }

  @Override
  public TargetKind targetKind() {
    return first().targetKind();
  }

  @Override
  public long outputs() {
    return tasks.values().stream().mapToLong(Task::outputs).sum();
  }

  @Override
  public Layer head(long features) {
    Map<String, Layer> heads = new LinkedHashMap<>();
    tasks.forEach((name, task) -> heads.put(name, task.head(features)));
    return new Heads(heads);
  }

  @Override
  public NamedTensors targets(double[][] rows, NamedTensors inputs) {
    return first().targets(rows, inputs);
  }

  @Override
  public Tensor loss(NamedTensors outputs, NamedTensors targets) {
    return first().loss(outputs, targets);
  }

  @Override
  public double[][] scores(NamedTensors outputs, NamedTensors inputs) {
    return first().scores(outputs, inputs);
  }

  @Override
  public List<Metric> metrics() {
    return first().metrics();
  }
}

/** One head per task on the same features, their outputs side by side: (…, D) to (…, K). */
final class Heads extends Layer {

  Heads(Map<String, Layer> heads) {
    heads.forEach(this::child);
  }

  @Override
  protected Tensor forward(Tensor x) {
    List<Tensor> outputs = children().values().stream().map(head -> head.apply(x)).toList();
    return Tensor.cat(outputs, -1);
  }
}

/**
 * A task that reads some columns of the logits.
 *
 * @param from the first of them
 */
record Columns(Task task, long from) implements Task {

  /** The logits of all tasks, in outputs that were cut down to those of one. */
  private static final String ALL = "logits_of_all";

  @Override
  public NamedTensors own(NamedTensors outputs) {
    Tensor all = outputs.get(outputs.has(ALL) ? ALL : "logits");
    return outputs.with(ALL, all).with("logits", all.narrow(-1, from, task.outputs()));
  }

  @Override
  public String id() {
    return task.id();
  }

  @Override
  public Map<String, Object> settings() {
    return task.settings();
  }

  @Override
  public List<String> labels() {
    return task.labels();
  }

  @Override
  public TargetKind targetKind() {
    return task.targetKind();
  }

  @Override
  public Layer head(long features) {
    return task.head(features);
  }

  @Override
  public NamedTensors targets(double[][] rows, NamedTensors inputs) {
    return task.targets(rows, inputs);
  }

  @Override
  public Tensor loss(NamedTensors outputs, NamedTensors targets) {
    return task.loss(own(outputs), targets);
  }

  @Override
  public double[][] scores(NamedTensors outputs, NamedTensors inputs) {
    return task.scores(own(outputs), inputs);
  }

  @Override
  public List<Metric> metrics() {
    return task.metrics();
  }
}
