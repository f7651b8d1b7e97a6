package dev.graft.task;

import java.util.Arrays;
import java.util.Comparator;

/** How two series of numbers of the same length go together, from -1 to 1; NaN if one is flat. */
public final class Correlation {

  private Correlation() {}

  /** Pearson's: of the values. */
  public static double pearson(double[] a, double[] b) {
    double meanA = Arrays.stream(a).average().orElse(Double.NaN);
    double meanB = Arrays.stream(b).average().orElse(Double.NaN);
    double product = 0;
    double squareA = 0;
    double squareB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (a[i] - meanA) * (b[i] - meanB);
      squareA += (a[i] - meanA) * (a[i] - meanA);
      squareB += (b[i] - meanB) * (b[i] - meanB);
    }
    return product / Math.sqrt(squareA * squareB);
  }

  /** Spearman's: of the ranks, equal values sharing the mean of theirs. */
  public static double spearman(double[] a, double[] b) {
    return pearson(ranks(a), ranks(b));
  }

  /** Kendall's tau-b: of the order of all pairs, corrected for ties. Quadratic in the length. */
  public static double kendall(double[] a, double[] b) {
    long agreement = 0;
    long untiedA = 0;
    long untiedB = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < i; j++) {
        int orderA = Double.compare(a[i], a[j]);
        int orderB = Double.compare(b[i], b[j]);
        agreement += (long) orderA * orderB;
        untiedA += orderA == 0 ? 0 : 1;
        untiedB += orderB == 0 ? 0 : 1;
      }
    }
    return agreement / Math.sqrt((double) untiedA * untiedB);
  }

  private static double[] ranks(double[] values) {
    Integer[] order = new Integer[values.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
    double[] ranks = new double[values.length];
    for (int start = 0; start < order.length; ) {
      int end = start;
      while (end < order.length && values[order[end]] == values[order[start]]) {
        end++;
      }
      for (int i = start; i < end; i++) {
        ranks[order[i]] = (start + 1 + end) / 2.0;
      }
      start = end;
    }
    return ranks;
  }
}
