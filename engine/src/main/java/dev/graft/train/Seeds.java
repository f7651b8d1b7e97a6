package dev.graft.train;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Derives independent random generators from the seed of a run and a position in it. */
final class Seeds {

  private Seeds() {}

  /** A generator for one purpose; equal arguments give equal numbers. */
  static RandomGenerator generator(long seed, long... position) {
    return new SplittableRandom(derive(seed, position));
  }

  /** A seed for one purpose. */
  static long derive(long seed, long... position) {
    long hash = mix(seed);
    for (long value : position) {
      hash = mix(hash ^ mix(value));
    }
    return hash;
  }

  /** The numbers 0 … n - 1 in random order (Fisher and Yates). */
  static int[] permutation(int n, RandomGenerator random) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    for (int i = n - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }

  /** The finaliser of SplitMix64. */
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
