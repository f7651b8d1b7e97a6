package dev.graft.examples.heart;

import dev.graft.DataFolder;
import dev.graft.data.Dataset;
import dev.graft.registry.Registry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The patients of one hospital, ill ({@code num > 0}) or not.
 *
 * @param name of the hospital
 * @param patients all rows of its file
 */
record Hospital(String name, Dataset patients) {

  private static final Map<String, Object> SETTINGS =
      Map.of(
          "positive", "num>0",
          // One hospital wrote 0 where nobody measured cholesterol.
          "missing", "?,chol=0");

  static Hospital open(Path folder, String name, Registry registry) throws IOException {
    Path file = folder.resolve(name + ".csv");
    return new Hospital(name, DataFolder.open(file, "csv", SETTINGS, registry).training());
  }

  /**
   * Rows in random order, each class spread evenly: the first {@code n} are a stratified sample of
   * {@code n}, with at least {@code least} of each class.
   */
  int[] labelled(int n, int least, long seed) {
    List<List<Integer>> classes = shuffled(seed);
    double share = (double) classes.get(1).size() / patients.size();
    int ill = (int) Math.round(n * share);
    ill = Math.max(least, Math.min(n - least, ill));
    List<Integer> chosen = new ArrayList<>(classes.get(0).subList(0, n - ill));
    chosen.addAll(classes.get(1).subList(0, ill));
    Collections.shuffle(chosen, new Random(seed));
    return chosen.stream().mapToInt(Integer::intValue).toArray();
  }

  private List<List<Integer>> shuffled(long seed) {
    List<List<Integer>> classes = List.of(new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < patients.size(); i++) {
      classes.get((int) patients.target(i)).add(i);
    }
    classes.forEach(rows -> Collections.shuffle(rows, new Random(seed)));
    return classes;
  }

  /** All rows but the given ones. */
  int[] others(int[] rows) {
    boolean[] taken = new boolean[patients.size()];
    for (int row : rows) {
      taken[row] = true;
    }
    return java.util.stream.IntStream.range(0, taken.length).filter(row -> !taken[row]).toArray();
  }
}
