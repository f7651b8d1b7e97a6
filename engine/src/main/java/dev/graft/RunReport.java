package dev.graft;

import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.report.BaseCard;
import dev.graft.report.PartCount;
import dev.graft.report.Report;
import dev.graft.report.TestOutcome;
import dev.graft.report.TestOutcome.ClassFigures;
import dev.graft.report.TestOutcome.Point;
import dev.graft.report.TestOutcome.Shown;
import dev.graft.report.TrainResult;
import dev.graft.spi.Modality;
import dev.graft.task.Confusion;
import dev.graft.task.Evaluation;
import dev.graft.task.Figure;
import dev.graft.task.Metrics;
import dev.graft.task.Task;
import dev.graft.train.TrainJob;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Gathers what the report of a run shows out of the job and what came of it. */
final class RunReport {

  /** Right and wrong examples that are shown, each. */
  private static final int SHOWN = 12;

  private final TrainJob job;
  private final TrainResult result;
  private final Map<String, Evaluation> test;

  /**
   * Of one run.
   *
   * @param test what the final weights say about the test part of each task, if it has one
   */
  RunReport(TrainJob job, TrainResult result, Map<String, Evaluation> test) {
    this.job = job;
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
    int[] perClass = new int[data.classes().size()];
    for (int i = 0; i < data.size(); i++) {
      skipped += unreadable.contains(data.id(i)) ? 1 : 0;
      if (perClass.length > 0) {
        perClass[(int) data.target(i)]++;
      }
    }
    return new PartCount(name, use, data.size(), skipped, IntStream.of(perClass).boxed().toList());
  }

  // ---- the test part ----

  private Optional<TestOutcome> outcome() throws IOException {
    Evaluation tested = test.get(Task.MAIN);
    return tested == null ? Optional.empty() : Optional.of(outcome(tested));
  }

  /** The other tasks, without examples to look at. */
  private Map<String, TestOutcome> others() {
    Map<String, TestOutcome> others = new LinkedHashMap<>();
    job.task()
        .all()
        .forEach(
            (name, task) -> {
              Evaluation tested = test.get(name);
              if (tested != null && !name.equals(Task.MAIN)) {
                others.put(name, outcome(tested, task.labels(), List.of()));
              }
            });
    return others;
  }

  private TestOutcome outcome(Evaluation tested) throws IOException {
    List<String> labels = job.task().labels();
    if (labels.isEmpty()) {
      return outcome(tested, labels, furthest(tested));
    }
    List<Shown> shown = new ArrayList<>(wrong(tested));
    shown.addAll(right(tested));
    return outcome(tested, labels, shown);
  }

  private static TestOutcome outcome(Evaluation tested, List<String> labels, List<Shown> shown) {
    if (labels.isEmpty()) {
      return new TestOutcome(labels, new long[0][], List.of(), points(tested), shown);
    }
    Confusion confusion = Confusion.of(tested.scores(), tested.targets(), labels.size());
    List<ClassFigures> figures =
        IntStream.range(0, labels.size())
            .mapToObj(
                c ->
                    new ClassFigures(
                        labels.get(c),
                        confusion.precision(c),
                        confusion.recall(c),
                        confusion.f1(c),
                        confusion.support(c)))
            .toList();
    return new TestOutcome(labels, confusion.counts(), figures, List.of(), shown);
  }

  private static List<Point> points(Evaluation tested) {
    return IntStream.range(0, tested.targets().length)
        .mapToObj(row -> new Point(tested.targets()[row], tested.scores()[row][0]))
        .toList();
  }

  /** The mistakes the model is most sure of. */
  private List<Shown> wrong(Evaluation tested) throws IOException {
    List<Integer> rows =
        IntStream.range(0, tested.targets().length)
            .filter(row -> !isRight(tested, row))
            .boxed()
            .sorted(Comparator.comparingDouble(row -> -highest(tested, row)))
            .limit(SHOWN)
            .toList();
    return shown(tested, rows);
  }

  /** Right answers, class after class in turn, in the order of the data. */
  private List<Shown> right(Evaluation tested) throws IOException {
    int[] seen = new int[job.task().labels().size()];
    record Turn(int row, int turn) {}
    List<Integer> rows =
        IntStream.range(0, tested.targets().length)
            .filter(row -> isRight(tested, row))
            .mapToObj(row -> new Turn(row, seen[(int) tested.targets()[row]]++))
            .sorted(Comparator.comparingInt(Turn::turn))
            .limit(SHOWN)
            .map(Turn::row)
            .toList();
    return shown(tested, rows);
  }

  /** The predictions of numbers that are furthest off. */
  private List<Shown> furthest(Evaluation tested) throws IOException {
    List<Integer> rows =
        IntStream.range(0, tested.targets().length)
            .boxed()
            .sorted(
                Comparator.comparingDouble(
                    row -> -Math.abs(tested.scores()[row][0] - tested.targets()[row])))
            .limit(SHOWN)
            .toList();
    return shown(tested, rows);
  }

  private static boolean isRight(Evaluation tested, int row) {
    return Metrics.argmax(tested.scores()[row]) == (int) tested.targets()[row];
  }

  private static double highest(Evaluation tested, int row) {
    return tested.scores()[row][Metrics.argmax(tested.scores()[row])];
  }

  private List<Shown> shown(Evaluation tested, List<Integer> rows) throws IOException {
    List<Shown> result = new ArrayList<>();
    for (int row : rows) {
      Example example = job.data().test().load(tested.indices()[row]);
      result.add(shown(tested, row, example));
    }
    return result;
  }

  private Shown shown(Evaluation tested, int row, Example example) {
    Modality modality = job.registry().get(Modality.class, job.preprocessing().modality());
    String html = modality.html(example).orElse("");
    List<String> labels = job.task().labels();
    if (labels.isEmpty()) {
      String truth = String.format(Locale.ROOT, "%.4g", tested.targets()[row]);
      String predicted = String.format(Locale.ROOT, "%.4g", tested.scores()[row][0]);
      return new Shown(example.id(), truth, predicted, Double.NaN, false, html);
    }
    String truth = labels.get((int) tested.targets()[row]);
    String predicted = labels.get(Metrics.argmax(tested.scores()[row]));
    return new Shown(
        example.id(), truth, predicted, highest(tested, row), truth.equals(predicted), html);
  }
}
