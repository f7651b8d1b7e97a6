package dev.graft.report;

import java.util.List;

/**
 * What the returned weights say about the test part, example by example. What does not fit the kind
 * of target is empty.
 *
 * @param examples number of examples that were predicted
 * @param labels names of the classes by index, where each example is of one
 * @param confusion number of examples by true class (row) and predicted class (column)
 * @param classes figures of each class, in the order of the labels; or of each label, or kind of
 *     entity
 * @param points true and predicted numbers
 * @param shown some examples, wrong ones first
 * @param passages some examples word by word, wrong ones first
 * @param samples what the model goes on with, the first examples
 */
public record TestOutcome(
    int examples,
    List<String> labels,
    long[][] confusion,
    List<ClassFigures> classes,
    List<Point> points,
    List<Shown> shown,
    List<Passage> passages,
    List<Sample> samples) {

  /** Of examples of one class each. */
  public static TestOutcome ofClasses(
      List<String> labels, long[][] confusion, List<ClassFigures> classes, List<Shown> shown) {
    long examples = classes.stream().mapToLong(ClassFigures::support).sum();
    return new TestOutcome(
        (int) examples, labels, confusion, classes, List.of(), shown, List.of(), List.of());
  }

  /** Of examples that have any labels, or entities. */
  public static TestOutcome ofLabels(
      int examples, List<ClassFigures> figures, List<Shown> shown, List<Passage> passages) {
    return new TestOutcome(
        examples, List.of(), new long[0][], figures, List.of(), shown, passages, List.of());
  }

  /** Of examples that have a number. */
  public static TestOutcome ofNumbers(int examples, List<Point> points, List<Shown> shown) {
    return new TestOutcome(
        examples, List.of(), new long[0][], List.of(), points, shown, List.of(), List.of());
  }

  /** The same with samples. */
  public TestOutcome withSamples(List<Sample> made) {
    return new TestOutcome(
        examples, labels, confusion, classes, points, shown, passages, List.copyOf(made));
  }

  /**
   * Figures of one class.
   *
   * @param label its name
   * @param precision share of its predictions that are right
   * @param recall share of its examples that are found
   * @param f1 harmonic mean of the two
   * @param support number of its examples
   */
  public record ClassFigures(
      String label, double precision, double recall, double f1, long support) {}

  /**
   * One prediction of a number.
   *
   * @param target the true number
   * @param predicted what the model says
   */
  public record Point(double target, double predicted) {}

  /**
   * One example as it is shown.
   *
   * @param id its name in the data
   * @param truth its label or number
   * @param predicted what the model says
   * @param probability of the predicted label; NaN where there is not one
   * @param right whether what is predicted is true; false where the target is a number
   * @param html a self-contained rendering by the modality; empty where it has none
   */
  public record Shown(
      String id, String truth, String predicted, double probability, boolean right, String html) {}

  /**
   * One example word by word.
   *
   * @param id its name in the data
   * @param words in order
   */
  public record Passage(String id, List<Word> words) {

    public Passage {
      words = List.copyOf(words);
    }
  }

  /**
   * A word of an example.
   *
   * @param text the word
   * @param truth what it belongs to; empty where to nothing
   * @param predicted what the model says that it belongs to; empty where to nothing
   */
  public record Word(String text, String truth, String predicted) {

    boolean alike(Word other) {
      return truth.equals(other.truth) && predicted.equals(other.predicted);
    }
  }

  /**
   * What the model makes of the beginning of an example.
   *
   * @param id its name in the data
   * @param prompt the beginning
   * @param generated how the model goes on
   * @param truth how the example goes on
   */
  public record Sample(String id, String prompt, String generated, String truth) {}

  public TestOutcome {
    passages = List.copyOf(passages);
    labels = List.copyOf(labels);
    classes = List.copyOf(classes);
    points = List.copyOf(points);
    shown = List.copyOf(shown);
  }

  /** True if each example is of one class. */
  public boolean classification() {
    return !labels.isEmpty();
  }

  /** Number of examples whose class is predicted. */
  public long right() {
    long right = 0;
    for (int i = 0; i < confusion.length; i++) {
      right += confusion[i][i];
    }
    return right;
  }
}
