package dev.graft.task;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Examples of two classes in the order of a score: the curves over all thresholds and the areas
 * under them. Examples with equal scores pass a threshold together.
 *
 * @param hits positives at or above each threshold, from the highest threshold down
 * @param alarms negatives at or above each threshold, in the same order
 */
public record BinaryRanking(long[] hits, long[] alarms) {

  /** The ranking of examples by score; {@code positive} says which are of the class sought. */
  public static BinaryRanking of(double[] scores, boolean[] positive) {
    Integer[] order = new Integer[scores.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble((Integer i) -> scores[i]).reversed());
    long[] hits = new long[scores.length];
    long[] alarms = new long[scores.length];
    int thresholds = 0;
    long hit = 0;
    long alarm = 0;
    for (int i = 0; i < order.length; i++) {
      hit += positive[order[i]] ? 1 : 0;
      alarm += positive[order[i]] ? 0 : 1;
      if (i == order.length - 1 || scores[order[i]] != scores[order[i + 1]]) {
        hits[thresholds] = hit;
        alarms[thresholds++] = alarm;
      }
    }
    return new BinaryRanking(Arrays.copyOf(hits, thresholds), Arrays.copyOf(alarms, thresholds));
  }

  private double positives() {
    return hits.length == 0 ? 0 : hits[hits.length - 1];
  }

  private double negatives() {
    return alarms.length == 0 ? 0 : alarms[alarms.length - 1];
  }

  /** Share of positives at or above each threshold, after a leading 0; NaN if there are none. */
  public double[] truePositiveRates() {
    return rates(hits, positives());
  }

  /** Share of negatives at or above each threshold, after a leading 0; NaN if there are none. */
  public double[] falsePositiveRates() {
    return rates(alarms, negatives());
  }

  private static double[] rates(long[] counts, double total) {
    double[] rates = new double[counts.length + 1];
    for (int i = 0; i < counts.length; i++) {
      rates[i + 1] = counts[i] / total;
    }
    return rates;
  }

  /** Share of positives among the examples at or above each threshold, after a leading 1. */
  public double[] precisions() {
    double[] precisions = new double[hits.length + 1];
    precisions[0] = 1;
    for (int i = 0; i < hits.length; i++) {
      precisions[i + 1] = (double) hits[i] / (hits[i] + alarms[i]);
    }
    return precisions;
  }

  /** Area under the ROC curve: the chance that a positive ranks above a negative. */
  public double rocArea() {
    return area(1);
  }

  /**
   * Area under the ROC curve up to a false-positive rate, scaled so that chance is 0.5 and the best
   * is 1 (McClish 1989).
   */
  public double partialRocArea(double maxRate) {
    double least = maxRate * maxRate / 2;
    return 0.5 * (1 + (area(maxRate) - least) / (maxRate - least));
  }

  private double area(double maxRate) {
    double[] x = falsePositiveRates();
    double[] y = truePositiveRates();
    double sum = 0;
    for (int i = 1; i < x.length && x[i - 1] < maxRate; i++) {
      double end = Math.min(x[i], maxRate);
      double height =
          x[i] == end ? y[i] : y[i - 1] + (y[i] - y[i - 1]) * (end - x[i - 1]) / (x[i] - x[i - 1]);
      sum += (end - x[i - 1]) * (y[i - 1] + height) / 2;
    }
    return positives() * negatives() == 0 ? Double.NaN : sum;
  }

  /** Mean of the precision over the positives, without interpolation; NaN if there are none. */
  public double averagePrecision() {
    double[] recall = truePositiveRates();
    double[] precision = precisions();
    double sum = 0;
    for (int i = 1; i < recall.length; i++) {
      sum += (recall[i] - recall[i - 1]) * precision[i];
    }
    return sum;
  }
}
