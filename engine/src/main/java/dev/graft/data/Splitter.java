package dev.graft.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Makes the three parts of a data set out of what a source found. Stratified by class, where each
 * example is of exactly one, and reproducible: the same data, seed and settings give the same
 * parts.
 *
 * @param seed of the shuffling
 * @param perClass labelled examples per class that may be used for training and validation
 *     together, of examples that are not of one class all in all; 0: all
 * @param validationShare share of the labelled examples that selects, where the source gives no
 *     validation part; 0 ≤ share &lt; 1
 * @param testShare share of all examples that is kept for the end, where the source gives no test
 *     part; 0 ≤ share &lt; 1
 */
public record Splitter(long seed, int perClass, double validationShare, double testShare) {

  /** What selects where nobody says otherwise: a fifth. */
  public static final double VALIDATION_SHARE = 0.2;

  private static final double TEST_SHARE = 0.2;

  /** A share of what is there to select on, a fifth of all for the end. */
  public static Splitter of(long seed, int perClass, double validationShare) {
    return new Splitter(seed, perClass, validationShare, TEST_SHARE);
  }

  public Splitter {
    if (perClass < 0 || !isShare(validationShare) || !isShare(testShare)) {
      throw new IllegalArgumentException(
          "per class %d, validation share %s, test share %s; the first is 0 or more, shares from 0 to below 1"
              .formatted(perClass, validationShare, testShare));
    }
  }

  /** True from 0 to below 1. */
  public static boolean isShare(double share) {
    return share >= 0 && share < 1;
  }

  /**
   * The three parts.
   *
   * @throws IllegalArgumentException if a part that is needed would be empty
   */
  public Split split(DataParts parts) {
    Dataset pool = parts.training();
    Dataset test;
    if (parts.test().isPresent()) {
      test = parts.test().get();
    } else {
      List<int[]> cut = cut(pool, testShare, 1);
      test = pool.subset(cut.get(1));
      pool = pool.subset(cut.get(0));
    }
    Dataset validation;
    if (parts.validation().isPresent()) {
      int most = perClass == 0 ? 0 : (int) Math.max(1, Math.round(perClass * validationShare));
      validation = limited(parts.validation().get(), most, 2);
      pool = limited(pool, perClass, 3);
    } else {
      Dataset labelled = limited(pool, perClass, 3);
      List<int[]> cut = cut(labelled, validationShare, 4);
      validation = labelled.subset(cut.get(1));
      pool = labelled.subset(cut.get(0));
    }
    if (pool.size() == 0) {
      throw new IllegalArgumentException(
          "no example is left to train on; the source gave %d".formatted(parts.training().size()));
    }
    return new Split(pool, validation, test);
  }

  /** At most {@code most} examples per class, in random order; 0: all, as they are. */
  private Dataset limited(Dataset data, int most, int use) {
    if (most == 0) {
      return data;
    }
    List<Integer> kept = new ArrayList<>();
    for (List<Integer> stratum : strata(data, use)) {
      kept.addAll(stratum.subList(0, Math.min(most, stratum.size())));
    }
    return data.subset(sorted(kept));
  }

  /** Positions of the larger and of the smaller part; each class gives its share, rounded. */
  private List<int[]> cut(Dataset data, double share, int use) {
    List<Integer> large = new ArrayList<>();
    List<Integer> small = new ArrayList<>();
    for (List<Integer> stratum : strata(data, use)) {
      int count = (int) Math.round(stratum.size() * share);
      if (count == 0 && share > 0 && stratum.size() > 1) {
        count = 1;
      }
      small.addAll(stratum.subList(0, count));
      large.addAll(stratum.subList(count, stratum.size()));
    }
    return List.of(sorted(large), sorted(small));
  }

  /** Positions by class, each list shuffled; one list where examples are not of one class. */
  private List<List<Integer>> strata(Dataset data, int use) {
    Map<Integer, List<Integer>> byClass = new TreeMap<>();
    boolean classes = data.targetKind() == TargetKind.CLASS;
    for (int i = 0; i < data.size(); i++) {
      int key = classes ? (int) data.target(i) : 0;
      byClass.computeIfAbsent(key, k -> new ArrayList<>()).add(i);
    }
    List<List<Integer>> result = new ArrayList<>();
    byClass.forEach(
        (key, positions) -> {
          shuffle(positions, new SplittableRandom(seed * 1_000_003L + use * 1009L + key));
          result.add(positions);
        });
    return result;
  }

  private static void shuffle(List<Integer> list, RandomGenerator random) {
    for (int i = list.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      Integer swapped = list.get(i);
      list.set(i, list.get(j));
      list.set(j, swapped);
    }
  }

  private static int[] sorted(List<Integer> positions) {
    return positions.stream().mapToInt(Integer::intValue).sorted().toArray();
  }
}
