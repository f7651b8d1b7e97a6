package dev.graft.data;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * A finite, ordered collection of examples with their targets. Implementations decode on demand and
 * are safe for use by several threads at once.
 */
public interface Dataset {

  /** Number of examples. */
  int size();

  /** Stable name of an example, unique in the data set. */
  String id(int index);

  /** What its targets are. */
  default TargetKind targetKind() {
    return classes().isEmpty() ? TargetKind.NUMBER : TargetKind.CLASS;
  }

  /**
   * Target of an example where it is one number: the index of its class, or a number to predict;
   * NaN where it has none, or a target of another kind. Known without decoding the example.
   */
  double target(int index);

  /**
   * Target of an example, whatever its kind, known without decoding it; {@code [NaN]} where it has
   * none. Data sets whose targets are not one number override this.
   */
  default double[] targetRow(int index) {
    return new double[] {target(index)};
  }

  /** Targets of some examples, a row for each. */
  default double[][] targetRows(int[] indices) {
    return Arrays.stream(indices).mapToObj(this::targetRow).toArray(double[][]::new);
  }

  /**
   * How large an example is, known without decoding it, where examples differ in size: its number
   * of characters, say; 0 where all are alike. Batches are made of examples of similar extent.
   */
  default int extent(int index) {
    return 0;
  }

  /** Names of the classes by index; empty where the target is a number. */
  List<String> classes();

  /**
   * Decodes one example.
   *
   * @throws CorruptExampleException if its content cannot be read; the message names it
   * @throws IOException if the storage fails
   */
  Example load(int index) throws IOException;

  /** The examples at the given positions, in that order. */
  default Dataset subset(int[] indices) {
    return new Subset(this, indices.clone());
  }

  /** The same examples, with their classes counted by the positions in another list of names. */
  default Dataset relabelled(List<String> classes) {
    return new Relabelled(this, List.copyOf(classes));
  }

  /** The same examples without their targets: those are never asked for. */
  default Dataset withoutTargets() {
    return new Untargeted(this);
  }

  /** True if the examples are those of another data set in the same order, whatever the labels. */
  default boolean sameExamples(Dataset other) {
    return equals(other);
  }

  /** All examples of this data set and then all of another with the same classes. */
  default Dataset plus(Dataset other) {
    return new Concatenation(this, other);
  }
}

record Subset(Dataset base, int[] indices) implements Dataset {

  @Override
  public int size() {
    return indices.length;
  }

  @Override
  public String id(int index) {
    return base.id(indices[index]);
  }

  @Override
  public double target(int index) {
    return base.target(indices[index]);
  }

  @Override
  public double[] targetRow(int index) {
    return base.targetRow(indices[index]);
  }

  @Override
  public TargetKind targetKind() {
    return base.targetKind();
  }

  @Override
  public List<String> classes() {
    return base.classes();
  }

  @Override
  public int extent(int index) {
    return base.extent(indices[index]);
  }

  @Override
  public Example load(int index) throws IOException {
    return base.load(indices[index]);
  }
}

record Relabelled(Dataset base, List<String> classes) implements Dataset {

  Relabelled {
    if (!classes.containsAll(base.classes())) {
      throw new IllegalArgumentException(
          "the classes %s are not all among %s".formatted(base.classes(), classes));
    }
  }

  @Override
  public int size() {
    return base.size();
  }

  @Override
  public String id(int index) {
    return base.id(index);
  }

  @Override
  public double target(int index) {
    double target = base.target(index);
    return Double.isNaN(target) ? target : moved(target);
  }

  private int moved(double target) {
    return classes.indexOf(base.classes().get((int) target));
  }

  @Override
  public double[] targetRow(int index) {
    double[] row = base.targetRow(index);
    if (targetKind() != TargetKind.LABELS || Double.isNaN(row[0])) {
      return Arrays.stream(row).map(each -> Double.isNaN(each) ? each : moved(each)).toArray();
    }
    double[] result = new double[classes.size()];
    for (int i = 0; i < row.length; i++) {
      result[moved(i)] = row[i];
    }
    return result;
  }

  @Override
  public TargetKind targetKind() {
    return base.targetKind();
  }

  @Override
  public int extent(int index) {
    return base.extent(index);
  }

  @Override
  public Example load(int index) throws IOException {
    return base.load(index);
  }
}

record Untargeted(Dataset base) implements Dataset {

  @Override
  public int size() {
    return base.size();
  }

  @Override
  public String id(int index) {
    return base.id(index);
  }

  @Override
  public double target(int index) {
    return Double.NaN;
  }

  @Override
  public List<String> classes() {
    return List.of();
  }

  @Override
  public int extent(int index) {
    return base.extent(index);
  }

  @Override
  public Example load(int index) throws IOException {
    return base.load(index);
  }
}

record Concatenation(Dataset first, Dataset second) implements Dataset {

  Concatenation {
    boolean same =
        first.targetKind() == second.targetKind() && first.classes().equals(second.classes());
    if (!same) {
      throw new IllegalArgumentException(
          "cannot join data sets with targets %s of %s and %s of %s"
              .formatted(
                  first.targetKind(), first.classes(), second.targetKind(), second.classes()));
    }
  }

  @Override
  public int size() {
    return first.size() + second.size();
  }

  private boolean inFirst(int index) {
    return index < first.size();
  }

  @Override
  public String id(int index) {
    return inFirst(index) ? first.id(index) : second.id(index - first.size());
  }

  @Override
  public double target(int index) {
    return inFirst(index) ? first.target(index) : second.target(index - first.size());
  }

  @Override
  public double[] targetRow(int index) {
    return inFirst(index) ? first.targetRow(index) : second.targetRow(index - first.size());
  }

  @Override
  public TargetKind targetKind() {
    return first.targetKind();
  }

  @Override
  public List<String> classes() {
    return first.classes();
  }

  @Override
  public int extent(int index) {
    return inFirst(index) ? first.extent(index) : second.extent(index - first.size());
  }

  @Override
  public Example load(int index) throws IOException {
    return inFirst(index) ? first.load(index) : second.load(index - first.size());
  }
}
