package dev.graft;

import dev.graft.data.Example;
import dev.graft.report.TestOutcome;
import dev.graft.report.TestOutcome.ClassFigures;
import dev.graft.report.TestOutcome.Passage;
import dev.graft.report.TestOutcome.Point;
import dev.graft.report.TestOutcome.Shown;
import dev.graft.report.TestOutcome.Word;
import dev.graft.spi.Modality;
import dev.graft.task.Confusion;
import dev.graft.task.Evaluation;
import dev.graft.task.LabelSets;
import dev.graft.task.Metrics;
import dev.graft.task.Task;
import dev.graft.task.sequence.AnswerSpan;
import dev.graft.task.sequence.Entity;
import dev.graft.task.sequence.EntityCounts;
import dev.graft.task.sequence.QuestionAnswering;
import dev.graft.task.sequence.TokenClassification;
import dev.graft.train.TrainJob;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the report shows of a test part, by the kind of its targets. */
final class TestShown {

  /** Right and wrong examples that are shown, each. */
  private static final int SHOWN = 12;

  /** Of those so many with the words that count, which takes time. */
  private static final int SHADED = 6;

  private final TrainJob job;
  private final Task task;
  private final Evaluation tested;
  private final Optional<Occlusion> occlusion;

  /**
   * Of one task.
   *
   * @param occlusion tells the words that count in some examples of the job's test part; empty
   *     where no examples are shown
   */
  TestShown(TrainJob job, Task task, Evaluation tested, Optional<Occlusion> occlusion) {
    this.job = job;
    this.task = task;
    this.tested = tested;
    this.occlusion = occlusion;
  }

  TestOutcome outcome() throws IOException {
    return switch (task.targetKind()) {
      case CLASS -> classes();
      case NUMBER -> numbers();
      case LABELS -> labels();
      case TAGS -> tags();
      case NEXT_WORD, TEXT, MASKED_WORDS -> TestOutcome.ofNumbers(rows(), List.of(), texts());
      case ANSWERS -> TestOutcome.ofNumbers(rows(), List.of(), answers());
    };
  }

  private int rows() {
    return tested.indices().length;
  }

  // ---- which examples ----

  /** Examples of some kind, those with the highest figure first; none where none are wanted. */
  private List<Integer> first(IntPredicate which, IntToDoubleFunction figure) {
    return IntStream.range(0, occlusion.isPresent() ? rows() : 0)
        .filter(which)
        .boxed()
        .sorted(Comparator.comparingDouble(row -> -figure.applyAsDouble(row)))
        .limit(SHOWN)
        .toList();
  }

  private Example example(int row) throws IOException {
    return job.data().test().load(tested.indices()[row]);
  }

  private Modality modality() {
    return job.registry().get(Modality.class, job.preprocessing().modality());
  }

  /** What is said of an example: its truth, its prediction. */
  private record Said(String truth, String predicted, double probability, boolean right) {}

  private interface Saying {
    Said of(int row);
  }

  private List<Shown> shown(List<Integer> rows, Saying saying) throws IOException {
    return shown(rows, saying, Set.of());
  }

  /**
   * Examples with what is said of them.
   *
   * @param shaded those whose words are shaded by what they do to the class, if they have words
   */
  private List<Shown> shown(List<Integer> rows, Saying saying, Set<Integer> shaded)
      throws IOException {
    List<Shown> result = new ArrayList<>();
    for (int row : rows) {
      Example example = example(row);
      Said said = saying.of(row);
      Optional<String> words =
          shaded.contains(row)
              ? occlusion.orElseThrow().html(example, Metrics.argmax(tested.scores()[row]))
              : Optional.empty();
      String html = words.or(() -> modality().html(example)).orElse("");
      result.add(
          new Shown(example.id(), said.truth, said.predicted, said.probability, said.right, html));
    }
    return result;
  }

  // ---- one class ----

  private TestOutcome classes() throws IOException {
    List<String> labels = task.labels();
    Confusion confusion = Confusion.of(tested.scores(), tested.numbers(), labels.size());
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
    // The mistakes the model is most sure of.
    List<Integer> wrong = first(row -> !hits(row), this::highest);
    // Right answers, class after class in turn, in the order of the data.
    int[] seen = new int[labels.size()];
    int[] turns = new int[rows()];
    for (int row = 0; row < turns.length; row++) {
      turns[row] = hits(row) ? seen[truth(row)]++ : 0;
    }
    List<Integer> right = first(this::hits, row -> -turns[row]);
    Set<Integer> shaded =
        Stream.of(wrong, right)
            .flatMap(rows -> rows.stream().limit(SHADED))
            .collect(Collectors.toSet());
    List<Integer> rows = Stream.concat(wrong.stream(), right.stream()).toList();
    return TestOutcome.ofClasses(
        labels, confusion.counts(), figures, shown(rows, this::ofClass, shaded));
  }

  private int truth(int row) {
    return (int) tested.targets()[row][0];
  }

  private boolean hits(int row) {
    return Metrics.argmax(tested.scores()[row]) == truth(row);
  }

  private double highest(int row) {
    return tested.scores()[row][Metrics.argmax(tested.scores()[row])];
  }

  private Said ofClass(int row) {
    String predicted = task.labels().get(Metrics.argmax(tested.scores()[row]));
    return new Said(task.labels().get(truth(row)), predicted, highest(row), hits(row));
  }

  // ---- a number ----

  private TestOutcome numbers() throws IOException {
    double[] truth = tested.numbers();
    List<Point> points =
        IntStream.range(0, rows())
            .mapToObj(row -> new Point(truth[row], tested.scores()[row][0]))
            .toList();
    List<Integer> furthest =
        first(row -> true, row -> Math.abs(tested.scores()[row][0] - truth[row]));
    return TestOutcome.ofNumbers(
        rows(),
        points,
        shown(furthest, row -> number(plain(truth[row]), plain(tested.scores()[row][0]))));
  }

  private static Said number(String truth, String predicted) {
    return new Said(truth, predicted, Double.NaN, false);
  }

  private static String plain(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }

  /** The texts that surprise most. */
  private List<Shown> texts() throws IOException {
    return shown(
        first(row -> tested.scores()[row].length > 0, row -> task.value(tested.scores()[row])),
        row -> number("", plain(task.value(tested.scores()[row]))));
  }

  // ---- answers to questions ----

  /** The wrong answers the model is most sure of, then the right ones. */
  private List<Shown> answers() throws IOException {
    List<Integer> rows =
        new ArrayList<>(first(row -> !ofAnswer(row).right, row -> tested.scores()[row][0]));
    rows.addAll(first(row -> ofAnswer(row).right, row -> tested.scores()[row][0]));
    return shown(rows, this::ofAnswer);
  }

  private Said ofAnswer(int row) {
    double[] scores = tested.scores()[row];
    double[] truth = tested.targets()[row];
    return new Said(
        AnswerSpan.of(truth).get(0).text(),
        QuestionAnswering.answer(scores).text(),
        scores[0],
        QuestionAnswering.isRight(scores, truth));
  }

  // ---- any labels ----

  private TestOutcome labels() throws IOException {
    LabelSets sets = LabelSets.of(tested.scores(), tested.targets());
    List<ClassFigures> figures =
        IntStream.range(0, task.labels().size())
            .mapToObj(
                c ->
                    new ClassFigures(
                        task.labels().get(c),
                        sets.precision(c),
                        sets.recall(c),
                        sets.f1(c),
                        sets.support(c)))
            .toList();
    List<Integer> rows = new ArrayList<>(first(row -> !ofSet(row).right, this::distance));
    rows.addAll(first(row -> ofSet(row).right, row -> 0));
    return TestOutcome.ofLabels(rows(), figures, shown(rows, this::ofSet), List.of());
  }

  private double distance(int row) {
    double[] scores = tested.scores()[row];
    return IntStream.range(0, scores.length)
        .mapToDouble(c -> Math.abs(scores[c] - tested.targets()[row][c]))
        .sum();
  }

  private Said ofSet(int row) {
    String truth = named(tested.targets()[row]);
    String predicted = named(tested.scores()[row]);
    return new Said(truth, predicted, Double.NaN, truth.equals(predicted));
  }

  private String named(double[] row) {
    String names =
        IntStream.range(0, row.length)
            .filter(c -> row[c] >= LabelSets.THRESHOLD)
            .mapToObj(task.labels()::get)
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "none" : names;
  }

  // ---- tags of words ----

  private TestOutcome tags() throws IOException {
    TokenClassification tagging = new TokenClassification(task.labels());
    List<ClassFigures> figures = new ArrayList<>();
    for (Map.Entry<String, EntityCounts> type :
        tagging.entities(tested.scores(), tested.targets()).entrySet()) {
      EntityCounts counts = type.getValue();
      figures.add(
          new ClassFigures(
              type.getKey(), counts.precision(), counts.recall(), counts.f1(), counts.truth()));
    }
    int[] mistakes = new int[rows()];
    int[] entities = new int[rows()];
    for (int row = 0; row < mistakes.length; row++) {
      List<Entity> truth = Entity.of(tagging.trueTags(tested.targets()[row]));
      List<Entity> found = Entity.of(tagging.tags(tested.scores()[row]));
      entities[row] = truth.size();
      List<Entity> right = new ArrayList<>(truth);
      right.retainAll(found);
      mistakes[row] = truth.size() + found.size() - 2 * right.size();
    }
    List<Passage> passages = new ArrayList<>();
    List<Integer> rows = new ArrayList<>(first(row -> mistakes[row] > 0, row -> mistakes[row]));
    rows.addAll(first(row -> mistakes[row] == 0 && entities[row] > 0, row -> entities[row]));
    for (int row : rows) {
      passages.add(passage(tagging, row));
    }
    return TestOutcome.ofLabels(rows(), figures, List.of(), passages);
  }

  private Passage passage(TokenClassification tagging, int row) throws IOException {
    Example example = example(row);
    List<String> words = modality().words(example);
    String[] truth = types(tagging.trueTags(tested.targets()[row]));
    String[] predicted = types(tagging.tags(tested.scores()[row]));
    List<Word> shown =
        IntStream.range(0, words.size())
            .mapToObj(word -> new Word(words.get(word), truth[word], predicted[word]))
            .toList();
    return new Passage(example.id(), shown);
  }

  /** What each word belongs to. */
  private static String[] types(List<String> tags) {
    String[] types = new String[tags.size()];
    Arrays.fill(types, "");
    for (Entity entity : Entity.of(tags)) {
      Arrays.fill(types, entity.from(), entity.to(), entity.type());
    }
    return types;
  }
}
