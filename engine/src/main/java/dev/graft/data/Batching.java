package dev.graft.data;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Puts examples of similar {@linkplain Dataset#extent extent} into one batch, so that little of a
 * batch is padding. Where all examples are alike, every order stays as it is.
 */
public final class Batching {

  /** Batches among which examples move: enough to find neighbours, few enough to stay random. */
  private static final int WINDOW = 32;

  private Batching() {}

  /** All examples, each once: by extent, or in order where all are alike. */
  public static List<int[]> forEvaluation(Dataset data, int batchSize) {
    int[] order = ExampleReader.inOrder(data.size());
    return ExampleReader.batches(differ(data) ? sorted(data, order) : order, batchSize);
  }

  /**
   * A random order with similar examples beside each other: in windows of 32 batches the examples
   * are sorted by extent, cut into batches, and the batches shuffled. A last batch that is not full
   * stays the last.
   */
  public static int[] forTraining(
      Dataset data, int[] order, int batchSize, RandomGenerator random) {
    if (!differ(data)) {
      return order;
    }
    int[] result = new int[order.length];
    int window = WINDOW * batchSize;
    for (int from = 0; from < order.length; from += window) {
      int[] part =
          sorted(data, Arrays.copyOfRange(order, from, Math.min(order.length, from + window)));
      int full = part.length / batchSize;
      int[] batches = shuffled(full, random);
      for (int i = 0; i < full; i++) {
        System.arraycopy(part, batches[i] * batchSize, result, from + i * batchSize, batchSize);
      }
      int done = full * batchSize;
      System.arraycopy(part, done, result, from + done, part.length - done);
    }
    return result;
  }

  private static boolean differ(Dataset data) {
    return data.size() > 1
        && IntStream.range(1, data.size()).anyMatch(i -> data.extent(i) != data.extent(0));
  }

  private static int[] sorted(Dataset data, int[] positions) {
    return Arrays.stream(positions)
        .boxed()
        .sorted(Comparator.comparingInt(data::extent))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static int[] shuffled(int n, RandomGenerator random) {
    int[] order = ExampleReader.inOrder(n);
    for (int i = n - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int other = order[j];
      order[j] = order[i];
      order[i] = other;
    }
    return order;
  }
}
