package dev.graft.report;

import java.util.List;

/**
 * What the returned weights say about the test part, example by example.
 *
 * @param labels names of the classes by index; empty where the target is a number
 * @param confusion number of examples by true class (row) and predicted class (column)
 * @param classes figures of each class, in the order of the labels
 * @param points true and predicted numbers; empty where the target is a class
 * @param shown some examples, wrong ones first
 */
public record TestOutcome(
    List<String> labels,
    long[][] confusion,
    List<ClassFigures> classes,
    List<Point> points,
    List<Shown> shown) {

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
   * @param probability of the predicted label; NaN where the target is a number
   * @param right whether the predicted label is the true one; false where the target is a number
   * @param html a self-contained rendering by the modality; empty where it has none
   */
  public record Shown(
      String id, String truth, String predicted, double probability, boolean right, String html) {}

  public TestOutcome {
    labels = List.copyOf(labels);
    classes = List.copyOf(classes);
    points = List.copyOf(points);
    shown = List.copyOf(shown);
  }

  /** True if the target is a class. */
  public boolean classification() {
    return !labels.isEmpty();
  }

  /** Number of examples that were predicted. */
  public long examples() {
    return classification()
        ? classes.stream().mapToLong(ClassFigures::support).sum()
        : points.size();
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
