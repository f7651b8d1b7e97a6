package dev.graft.text.family;

import dev.graft.layers.Child;
import dev.graft.tensor.Tensor;

/**
 * A learned number for each head and each bucket of distances (Raffel et al. 2020): near distances
 * have a bucket each, far ones share buckets that widen with the logarithm.
 *
 * @param table (buckets, heads)
 * @param buckets number of them
 * @param farthest distance from which on all share one
 * @param bothWays whether before and behind have buckets of their own
 */
record Distances(Child table, int buckets, int farthest, boolean bothWays) {

  /** (1, heads, L, S): queries from {@code first} on, keys from 0 up to the last query. */
  Tensor bias(long first, long queries) {
    int count = (int) queries;
    int keys = (int) (first + queries);
    long[] ids = new long[count * keys];
    for (int q = 0; q < count; q++) {
      for (int k = 0; k < keys; k++) {
        ids[q * keys + k] = bucket(k - (int) (first + q));
      }
    }
    return table.apply(Tensor.of(ids, count, keys)).permute(2, 0, 1).unsqueeze(0);
  }

  private int bucket(int distance) {
    int side = bothWays ? buckets / 2 : buckets;
    int offset = bothWays && distance > 0 ? side : 0;
    int far = bothWays ? Math.abs(distance) : Math.max(0, -distance);
    int exact = side / 2;
    if (far < exact) {
      return offset + far;
    }
    double share = Math.log((double) far / exact) / Math.log((double) farthest / exact);
    return offset + Math.min(side - 1, exact + (int) (float) (share * (side - exact)));
  }
}
