package dev.graft.task;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.ToDoubleFunction;

/**
 * Items in the order of their scores, a list for each query, and what of each item is worth. All
 * figures are means over the lists; of equal scores the earlier item comes first.
 *
 * @param scores (N, items)
 * @param relevance (N, items): 0, or how much an item is worth
 */
public record RankedLists(double[][] scores, double[][] relevance) {

  /** The worth of the items of a list, the highest score first. */
  private double[] ranked(int list) {
    return sorted(relevance[list], scores[list]);
  }

  private static double[] sorted(double[] values, double[] by) {
    Integer[] order = new Integer[values.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble((Integer i) -> by[i]).reversed());
    return Arrays.stream(order).mapToDouble(i -> values[i]).toArray();
  }

  private double mean(ToDoubleFunction<double[]> figure) {
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      sum += figure.applyAsDouble(ranked(i));
    }
    return sum / scores.length;
  }

  private static long hits(double[] ranked, int k) {
    return Arrays.stream(ranked).limit(k).filter(worth -> worth > 0).count();
  }

  /** Share of the lists with something relevant among the first k. */
  public double hitRate(int k) {
    return mean(ranked -> hits(ranked, k) > 0 ? 1 : 0);
  }

  /** Share of the first k that is relevant. */
  public double precision(int k) {
    return mean(ranked -> (double) hits(ranked, k) / k);
  }

  /** Share of what is relevant that is among the first k; 0 where nothing is. */
  public double recall(int k) {
    return mean(ranked -> (double) hits(ranked, k) / Math.max(1, hits(ranked, ranked.length)));
  }

  /** One over the rank of the first relevant item; 0 where there is none. */
  public double reciprocalRank() {
    return mean(
        ranked -> {
          int rank = 1;
          while (rank <= ranked.length && ranked[rank - 1] == 0) {
            rank++;
          }
          return rank <= ranked.length ? 1.0 / rank : 0;
        });
  }

  /** Precision at each relevant item, averaged over them; 0 where there is none. */
  public double averagePrecision() {
    return mean(
        ranked -> {
          double sum = 0;
          long found = 0;
          for (int i = 0; i < ranked.length; i++) {
            if (ranked[i] > 0) {
              sum += (double) ++found / (i + 1);
            }
          }
          return found == 0 ? 0 : sum / found;
        });
  }

  /** Worth of the first k, each divided by the binary logarithm of its rank plus one. */
  public double dcg(int k) {
    return mean(ranked -> dcg(ranked, k));
  }

  private static double dcg(double[] ranked, int k) {
    double sum = 0;
    for (int i = 0; i < Math.min(k, ranked.length); i++) {
      sum += ranked[i] * Math.log(2) / Math.log(i + 2);
    }
    return sum;
  }

  /**
   * The same as a share of what the best order would have (Järvelin and Kekäläinen 2002); 0 where
   * nothing is relevant.
   */
  public double ndcg(int k) {
    return mean(
        ranked -> {
          double best = dcg(sorted(ranked, ranked), k);
          return best == 0 ? 0 : dcg(ranked, k) / best;
        });
  }
}
