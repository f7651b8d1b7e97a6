package dev.graft.server;

import dev.graft.infer.PredictorOptions;
import java.nio.file.Path;
import java.util.List;

/**
 * Which models a server has and how they compute.
 *
 * @param folder of bundles: {@code NAME} or {@code NAME/VERSION}
 * @param predicting how inputs are gathered into batches, and how many may wait for each model
 * @param bases folders of bases that are in memory once, for all bundles that hold only what
 *     differs from one of them; each has its folder's name
 * @param mostResident bundles over bases that are in memory at a time, at least 1; the one that was
 *     not asked for longest makes room
 * @param maxRank highest rank of an adapter in a bundle, at least 1; others are not loaded
 * @param pinned names of bundles over bases that make room for nobody, from the start on
 */
public record ModelOptions(
    Path folder,
    PredictorOptions predicting,
    List<Path> bases,
    int mostResident,
    int maxRank,
    List<String> pinned) {

  /** What fits into memory where a base takes most of it. */
  public static final int MOST_RESIDENT = 1000;

  /** Far above the ranks that adapters are fitted with. */
  public static final int MAX_RANK = 1024;

  /** The bundles of a folder, all of them whole. */
  public static ModelOptions of(Path folder) {
    return new ModelOptions(
        folder, PredictorOptions.defaults(), List.of(), MOST_RESIDENT, MAX_RANK, List.of());
  }

  public ModelOptions {
    bases = List.copyOf(bases);
    pinned = List.copyOf(pinned);
    if (mostResident < 1 || maxRank < 1) {
      throw new IllegalArgumentException(
          "%d bundles in memory, adapters of rank up to %d; at least 1 of each is needed"
              .formatted(mostResident, maxRank));
    }
  }

  /** With inputs that are gathered in another way. */
  public ModelOptions withPredicting(PredictorOptions value) {
    return new ModelOptions(folder, value, bases, mostResident, maxRank, pinned);
  }

  /** With bases, and a bound on the bundles over them that are in memory at a time. */
  public ModelOptions withBases(List<Path> folders, int most) {
    return new ModelOptions(folder, predicting, folders, most, maxRank, pinned);
  }

  /** With another bound on the rank of adapters. */
  public ModelOptions withMaxRank(int value) {
    return new ModelOptions(folder, predicting, bases, mostResident, value, pinned);
  }

  /** With bundles over bases that stay in memory once they are loaded, as at the start they are. */
  public ModelOptions withPinned(List<String> names) {
    return new ModelOptions(folder, predicting, bases, mostResident, maxRank, names);
  }
}
