package dev.graft.text.generate;

import java.util.Comparator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * How the next token is picked from the logits of all.
 *
 * @param temperature by which logits are divided; 0: the likeliest token always
 * @param topK number of likeliest tokens that count; 0: all
 * @param topP tokens count from the likeliest on until their probabilities reach this sum; 1: all
 */
record Choice(double temperature, int topK, double topP) {

  /** The likeliest token. */
  static final Choice GREEDY = new Choice(0, 0, 1);

  int pick(float[] logits, RandomGenerator random) {
    if (temperature == 0) {
      return best(logits);
    }
    int[] order =
        IntStream.range(0, logits.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -logits[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    int count = topK == 0 ? order.length : Math.min(topK, order.length);
    double[] weights = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      weights[i] = Math.exp((logits[order[i]] - logits[order[0]]) / temperature);
      sum += weights[i];
    }
    double kept = 0;
    int last = 0;
    while (last < count && (last == 0 || kept < topP * sum)) {
      kept += weights[last++];
    }
    double at = random.nextDouble() * kept;
    for (int i = 0; i < last; i++) {
      at -= weights[i];
      if (at < 0) {
        return order[i];
      }
    }
    return order[last - 1];
  }

  private static int best(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }
}
