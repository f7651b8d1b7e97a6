package dev.graft.train;

import dev.graft.data.CorruptExampleException;
import dev.graft.data.Dataset;
import dev.graft.data.ExampleReader;
import dev.graft.model.Model;
import dev.graft.plan.Phase;
import dev.graft.registry.Registry;
import dev.graft.spi.Companion;
import dev.graft.task.Evaluation;
import dev.graft.task.Figure;
import dev.graft.task.Task;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;

/** What all phases of one run share; closed at its end. */
final class RunContext implements AutoCloseable {

  private final TrainJob job;
  private final Model model;
  private final Progress progress;
  private final ExecutorService executor;
  private final ExampleReader reader;
  private final Set<String> movingNames = new TreeSet<>();
  private final Set<String> trainedNames = new TreeSet<>();
  private final Map<String, Companion> companions = new LinkedHashMap<>();
  private Model source;

  RunContext(TrainJob job, Model model, Progress progress) {
    this.job = job;
    this.model = model;
    this.progress = progress;
    this.executor =
        Executors.newFixedThreadPool(
            job.options().decodeThreads(),
            task -> {
              Thread thread = new Thread(task, "graft-decode");
              thread.setDaemon(true);
              return thread;
            });
    this.reader = new ExampleReader(executor, job.options().skipCorrupt(), this::skip);
    for (Phase phase : job.plan().phases()) {
      Trainables trainables = new Trainables(model, phase, 0);
      trainables.parameters().forEach(parameter -> trainedNames.add(parameter.name()));
      movingNames.addAll(trainables.movingBuffers());
    }
    movingNames.addAll(trainedNames);
    String head = model.groups().get(model.groups().size() - 1).name();
    model.state().keySet().stream()
        .filter(name -> model.groupOf(name).equals(head))
        .forEach(movingNames::add);
  }

  TrainJob job() {
    return job;
  }

  Model model() {
    return model;
  }

  Progress progress() {
    return progress;
  }

  Registry registry() {
    return job.registry();
  }

  Task task() {
    return job.task();
  }

  ExampleReader reader() {
    return reader;
  }

  /** Parameters and buffers that change in at least one phase, and the head, by name. */
  Map<String, Tensor> moving() {
    Map<String, Tensor> result = new LinkedHashMap<>();
    model
        .state()
        .forEach(
            (name, tensor) -> {
              if (movingNames.contains(name)) {
                result.put(name, tensor);
              }
            });
    return result;
  }

  /**
   * Figures of all tasks of the run on a part of their data.
   *
   * @param evaluate what the model says about the data set of a task: name of the task, of the data
   */
  Map<String, Double> figures(String part, BiFunction<String, String, Evaluation> evaluate) {
    Map<String, Evaluation> evaluations = new LinkedHashMap<>();
    for (String name : task().all().keySet()) {
      String data = Task.dataName(name, part);
      if (data(data).size() > 0) {
        evaluations.put(name, evaluate.apply(name, data));
      }
    }
    return Figure.values(task(), evaluations);
  }

  /** Number of parameters that train in at least one phase. */
  long trainedCount() {
    return model.parameters().values().stream()
        .filter(parameter -> trainedNames.contains(parameter.name()))
        .mapToLong(dev.graft.model.Parameter::count)
        .sum();
  }

  /** A data set of the run by name. */
  Dataset data(String name) {
    return job.data().named(name);
  }

  /** The pretrained model, frozen, for terms that compare with it. */
  Model source() {
    if (source == null) {
      // Building draws random weights; a resumed run may build at another point than the first did.
      HostTensor random = RandomState.save();
      source = job.base().pretrained();
      RandomState.restore(random);
    }
    return source;
  }

  /** Another model of the run by name, opened at the first call. */
  Companion companion(String name) {
    CompanionBase known = job.companions().get(name);
    if (known == null) {
      throw new IllegalArgumentException(
          "no companion named '%s'; this run has %s".formatted(name, job.companions().keySet()));
    }
    Companion companion = companions.get(name);
    if (companion == null) {
      // Building draws random weights; a resumed run may build at another point than the first did.
      HostTensor random = RandomState.save();
      companion = new Companion(known.base().pretrained(), known.labels());
      RandomState.restore(random);
      companions.put(name, companion);
    }
    return companion;
  }

  /** Another model like the one that trains, with its present weights; the caller closes it. */
  Model copy() {
    HostTensor random = RandomState.save();
    Model copy = Trainer.build(job);
    RandomState.restore(random);
    try (Autograd off = Autograd.off()) {
      Map<String, Tensor> present = model.state();
      copy.state().forEach((name, tensor) -> tensor.copyInPlace(present.get(name)));
    }
    return copy;
  }

  /** Tells a finding and keeps it for the report. */
  void note(String text) {
    synchronized (progress) {
      progress.notes.add(text);
    }
    job.listener().on(new TrainEvent.Note(text));
  }

  /** The same, unless it has been said before. */
  void noteOnce(String text) {
    if (!progress.notes.contains(text)) {
      note(text);
    }
  }

  /** Counts an example that could not be read; it is told once per run. */
  private void skip(CorruptExampleException problem) {
    if (progress.skipped.add(problem.id())) {
      note("skipped: " + problem.getMessage());
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
    if (source != null) {
      source.close();
    }
    companions.values().forEach(companion -> companion.model().close());
  }
}
