package dev.graft;

import dev.graft.data.Dataset;
import dev.graft.data.TargetKind;
import dev.graft.model.Model;
import dev.graft.report.BaseCard;
import dev.graft.report.PartCount;
import dev.graft.report.Report;
import dev.graft.report.TestOutcome;
import dev.graft.report.TrainResult;
import dev.graft.task.Evaluation;
import dev.graft.task.Figure;
import dev.graft.task.Task;
import dev.graft.train.TrainJob;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Gathers what the report of a run shows out of the job and what came of it. */
final class RunReport {

  private final TrainJob job;
  private final Model model;
  private final TrainResult result;
  private final Map<String, Evaluation> test;

  /**
   * Of one run.
   *
   * @param model with the final weights
   * @param test what the final weights say about the test part of each task, if it has one
   */
  RunReport(TrainJob job, Model model, TrainResult result, Map<String, Evaluation> test) {
    this.job = job;
    this.model = model;
    this.result = result;
    this.test = test;
  }

  /**
   * The report.
   *
   * @param data name of the data
   * @param base where the model comes from
   * @param plan the plan as text
   * @param created time of writing, ISO 8601, UTC
   */
  Report gather(String data, BaseCard base, String plan, String created) throws IOException {
    Task task = job.task();
    List<String> methods = job.plan().methods().stream().map(method -> method.id()).toList();
    List<PartCount> parts =
        List.of(
            count("training", "gradients come from it", job.data().training()),
            count(
                "validation", "selects the epoch whose weights are kept", job.data().validation()),
            count("test", "looked at once, for the figures above", job.data().test()));
    return new Report(
        new Report.Names(data, task.id(), methods, job.plan().seed()),
        result,
        Figure.of(task).stream()
            .map(figure -> new Report.Measure(figure.id(), figure.higherIsBetter()))
            .toList(),
        outcome(),
        others(),
        parts,
        base,
        plan,
        RunEnvironment.describe(),
        created);
  }

  private PartCount count(String name, String use, Dataset data) {
    Set<String> unreadable = new HashSet<>(result.skipped());
    int skipped = 0;
    boolean classes = data.targetKind() == TargetKind.CLASS;
    int[] perClass = new int[classes ? data.classes().size() : 0];
    for (int i = 0; i < data.size(); i++) {
      skipped += unreadable.contains(data.id(i)) ? 1 : 0;
      if (classes) {
        perClass[(int) data.target(i)]++;
      }
    }
    return new PartCount(name, use, data.size(), skipped, IntStream.of(perClass).boxed().toList());
  }

  // ---- the test part ----

  private Optional<TestOutcome> outcome() throws IOException {
    Evaluation tested = test.get(Task.MAIN);
    if (tested == null) {
      return Optional.empty();
    }
    TestOutcome outcome =
        new TestShown(job, job.task(), tested, Optional.of(new Occlusion(job, model))).outcome();
    return Optional.of(outcome.withSamples(Sampling.of(job, model, tested.indices())));
  }

  /** The other tasks, without examples to look at. */
  private Map<String, TestOutcome> others() throws IOException {
    Map<String, TestOutcome> others = new LinkedHashMap<>();
    for (Map.Entry<String, Task> other : job.task().all().entrySet()) {
      Evaluation tested = test.get(other.getKey());
      if (tested != null && !other.getKey().equals(Task.MAIN)) {
        others.put(
            other.getKey(),
            new TestShown(job, other.getValue(), tested, Optional.empty()).outcome());
      }
    }
    return others;
  }
}
