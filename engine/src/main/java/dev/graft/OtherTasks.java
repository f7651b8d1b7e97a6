package dev.graft;

import dev.graft.data.DataParts;
import dev.graft.data.Dataset;
import dev.graft.data.LabelTable;
import dev.graft.data.Split;
import dev.graft.registry.Registry;
import dev.graft.spi.DataSource;
import dev.graft.task.MultiTask;
import dev.graft.task.Task;
import dev.graft.task.Tasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tasks of a request and their data. Examples of another folder are divided by themselves, with
 * the same seed; further labels of the labelled data keep its parts, so that no example that one
 * task is tested on is trained on for another.
 */
final class OtherTasks {

  private static final List<String> PARTS = List.of("training", "validation", "test");

  private final TransferRequest request;
  private final Registry registry;

  OtherTasks(TransferRequest request, Registry registry) {
    this.request = request;
    this.registry = registry;
  }

  /** The split with the parts of every other task. */
  Split added(Split split, String modality) throws IOException {
    Split all = split;
    for (OtherTask task : request.tasks()) {
      if (task.name().equals(Task.MAIN) || all.others().containsKey(training(task.name()))) {
        throw new IOException(
            "two tasks are named '%s'; the first one, of the labelled data, is '%s'"
                .formatted(task.name(), Task.MAIN));
      }
      Split own =
          task.kind() == OtherTask.Kind.LABELS ? relabelled(task, split) : opened(task, modality);
      for (String part : PARTS) {
        all = all.with(Task.dataName(task.name(), part), own.named(part));
      }
    }
    return all;
  }

  private static Split relabelled(OtherTask task, Split split) throws IOException {
    LabelTable table = LabelTable.read(Path.of(task.path()));
    try {
      return new Split(
          table.applyTo(split.training()),
          table.applyTo(split.validation()),
          table.applyTo(split.test()));
    } catch (IllegalArgumentException e) {
      throw new IOException("'%s': %s".formatted(task.path(), e.getMessage()), e);
    }
  }

  private Split opened(OtherTask task, String modality) throws IOException {
    Path path = Path.of(task.path());
    DataSource labelled = DataFolder.source(Path.of(request.data()), request.format(), registry);
    DataSource source = DataFolder.sourceBeside(path, labelled, registry);
    boolean same = source.about().id().equals(labelled.about().id());
    DataParts parts =
        DataFolder.open(
            path, source.about().id(), same ? request.dataSettings() : Map.of(), registry);
    if (!parts.modality().equals(modality)) {
      throw new IOException(
          "the data of task '%s' are of kind '%s', the labelled ones of kind '%s'"
              .formatted(task.name(), parts.modality(), modality));
    }
    return request.splitter().split(parts);
  }

  private static String training(String task) {
    return Task.dataName(task, "training");
  }

  /** What the network is to do. */
  Task task(Split split) throws IOException {
    Task first = task(split.training());
    if (request.tasks().isEmpty() || !request.alone().isEmpty()) {
      return first;
    }
    Map<String, Task> tasks = new LinkedHashMap<>(Map.of(Task.MAIN, first));
    for (OtherTask other : request.tasks()) {
      tasks.put(other.name(), task(split.named(training(other.name()))));
    }
    return new MultiTask(tasks);
  }

  private static Task task(Dataset training) throws IOException {
    try {
      return Tasks.forData(training);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * The split of the one task that is carried out alone, where one is: the same parts as beside
   * others.
   */
  Split alone(Split split) throws IOException {
    if (request.alone().isEmpty()) {
      return split;
    }
    List<String> names = request.tasks().stream().map(OtherTask::name).toList();
    if (!request.alone().equals(Task.MAIN) && !names.contains(request.alone())) {
      throw new IOException(
          "there is no task '%s'; there are '%s' and %s"
              .formatted(request.alone(), Task.MAIN, names));
    }
    Split own =
        new Split(
            split.named(Task.dataName(request.alone(), "training")),
            split.named(Task.dataName(request.alone(), "validation")),
            split.named(Task.dataName(request.alone(), "test")));
    for (Map.Entry<String, Dataset> other : split.others().entrySet()) {
      own =
          names.stream().anyMatch(name -> other.getKey().startsWith(name + "."))
              ? own
              : own.with(other.getKey(), other.getValue());
    }
    return own;
  }
}
