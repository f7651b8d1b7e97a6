package dev.graft.task;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Sets of labels: what examples have, and what they are predicted to have. An F1 of nothing is 0.
 *
 * @param scores (N, K), from 0 to 1; a label with at least one half is predicted
 * @param truth (N, K), zeros and ones
 */
public record LabelSets(double[][] scores, double[][] truth) {

  /** The threshold from which on a label is predicted. */
  public static final double THRESHOLD = 0.5;

  /** The sets of rows of scores and of targets. */
  public static LabelSets of(double[][] scores, double[][] truth) {
    return new LabelSets(scores, truth);
  }

  private int labels() {
    return truth[0].length;
  }

  private boolean has(int example, int label) {
    return truth[example][label] == 1;
  }

  private boolean predicts(int example, int label) {
    return scores[example][label] >= THRESHOLD;
  }

  /** Number of examples that have a label. */
  public long support(int label) {
    return examples(i -> has(i, label) ? 1 : 0);
  }

  /** Number of examples that are predicted to have a label. */
  public long predicted(int label) {
    return examples(i -> predicts(i, label) ? 1 : 0);
  }

  private long right(int label) {
    return examples(i -> has(i, label) && predicts(i, label) ? 1 : 0);
  }

  private long examples(IntUnaryOperator count) {
    return IntStream.range(0, truth.length).map(count).asLongStream().sum();
  }

  /** Share of a label's predictions that are right; 0 of none. */
  public double precision(int label) {
    return ratio(right(label), predicted(label));
  }

  /** Share of a label's examples that are found; 0 of none. */
  public double recall(int label) {
    return ratio(right(label), support(label));
  }

  /** Harmonic mean of precision and recall of a label. */
  public double f1(int label) {
    return ratio(2 * right(label), support(label) + predicted(label));
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  /** F1 of all decisions together. */
  public double microF1() {
    return ratio(
        2 * IntStream.range(0, labels()).mapToLong(this::right).sum(),
        IntStream.range(0, labels()).mapToLong(c -> support(c) + predicted(c)).sum());
  }

  /** Mean F1 of the labels. */
  public double macroF1() {
    return mean(labels(), this::f1);
  }

  /** Mean F1 of the labels, each as often as it is true. */
  public double weightedF1() {
    double sum = IntStream.range(0, labels()).mapToDouble(c -> f1(c) * support(c)).sum();
    return sum / IntStream.range(0, labels()).mapToLong(this::support).sum();
  }

  /** Mean F1 of the sets of the examples. */
  public double exampleF1() {
    return mean(truth.length, this::exampleF1);
  }

  private double exampleF1(int example) {
    long both = labels(c -> has(example, c) && predicts(example, c) ? 1 : 0);
    long all = labels(c -> (has(example, c) ? 1 : 0) + (predicts(example, c) ? 1 : 0));
    return ratio(2 * both, all);
  }

  private long labels(IntUnaryOperator count) {
    return IntStream.range(0, labels()).map(count).asLongStream().sum();
  }

  /** Share of examples whose set is predicted without a mistake. */
  public double subsetAccuracy() {
    return mean(truth.length, i -> mistakes(i) == 0 ? 1 : 0);
  }

  /** Share of decisions that are wrong. */
  public double hammingLoss() {
    return mean(truth.length, i -> (double) mistakes(i) / labels());
  }

  private long mistakes(int example) {
    return labels(c -> has(example, c) == predicts(example, c) ? 0 : 1);
  }

  /** Mean over the labels that occur of the precision averaged over their examples. */
  public double averagePrecision() {
    return overLabels(BinaryRanking::averagePrecision);
  }

  /** Mean over the labels that some have and others not of the area under the ROC curve. */
  public double rocArea() {
    return overLabels(BinaryRanking::rocArea);
  }

  private double overLabels(ToDoubleFunction<BinaryRanking> figure) {
    return IntStream.range(0, labels())
        .mapToDouble(c -> figure.applyAsDouble(ranking(c)))
        .filter(each -> !Double.isNaN(each))
        .average()
        .orElse(Double.NaN);
  }

  private BinaryRanking ranking(int label) {
    boolean[] positive = new boolean[truth.length];
    for (int i = 0; i < positive.length; i++) {
      positive[i] = has(i, label);
    }
    return BinaryRanking.of(Rows.column(scores, label), positive);
  }

  /**
   * Mean over examples, and over the labels they have, of the share of true labels among those that
   * are ranked at least as high (LRAP; Tsoumakas et al. 2010); 1 for an example with all or none.
   */
  public double rankingPrecision() {
    return mean(truth.length, this::rankingPrecision);
  }

  private double rankingPrecision(int example) {
    double[] row = scores[example];
    int[] own = IntStream.range(0, labels()).filter(c -> has(example, c)).toArray();
    if (own.length == 0 || own.length == labels()) {
      return 1;
    }
    return Arrays.stream(own)
        .mapToDouble(
            label ->
                (double) Arrays.stream(own).filter(c -> row[c] >= row[label]).count()
                    / Arrays.stream(row).filter(score -> score >= row[label]).count())
        .average()
        .orElseThrow();
  }

  private static double mean(int count, IntToDoubleFunction figure) {
    return IntStream.range(0, count).mapToDouble(figure).average().orElse(Double.NaN);
  }
}
