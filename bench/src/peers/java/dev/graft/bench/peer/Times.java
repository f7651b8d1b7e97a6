package dev.graft.bench.peer;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/**
 * How long calls took that ended in one way.
 *
 * @param calls their number
 * @param median in milliseconds; NaN where there are no calls
 * @param p99 the 99th percentile
 * @param longest of all
 */
record Times(int calls, double median, double p99, double longest) {

  static Times of(Collection<Long> nanos) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    return new Times(
        sorted.length, percentile(sorted, 0.5), percentile(sorted, 0.99), percentile(sorted, 1));
  }

  private static double percentile(long[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[Math.min(sorted.length - 1, (int) (share * sorted.length))] / 1e6;
  }

  /** As one word, for another process. */
  String word() {
    return "%d,%s,%s,%s".formatted(calls, median, p99, longest);
  }

  static Times ofWord(String word) {
    double[] parts = Arrays.stream(word.split(",")).mapToDouble(Double::parseDouble).toArray();
    return new Times((int) parts[0], parts[1], parts[2], parts[3]);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%d, p50 %.2f ms, p99 %.2f ms, longest %.2f ms", calls, median, p99, longest);
  }
}
