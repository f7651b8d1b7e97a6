package dev.graft.server;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which of the models over bases stay in memory: so many, and those that are pinned. */
final class Residents {

  private final int most;
  private final Set<String> pinned;
  private long loaded;
  private long evicted;

  /**
   * With a bound on the models that are in memory at a time, and those that stay from the start.
   */
  Residents(int most, List<String> pinned) {
    this.most = most;
    this.pinned = new HashSet<>(pinned);
  }

  /** Lets a model stay in memory, or lets it make room for others again. */
  synchronized void pin(String name, boolean value) {
    if (value) {
      pinned.add(name);
    } else {
      pinned.remove(name);
    }
  }

  /** Counts a model that came into memory; those without a base do not count. */
  synchronized void arrived(ServedModel model) {
    loaded += model.base().isPresent() ? 1 : 0;
  }

  /**
   * The model that makes room: the one that was not asked for longest.
   *
   * @param inMemory all that are in memory; those without a base do not count
   * @param newest stays, whoever else has to go
   * @return empty where there is room, or nobody who could make it
   */
  synchronized Optional<ServedModel> leaving(List<ServedModel> inMemory, ServedModel newest) {
    List<ServedModel> resident = of(inMemory);
    if (resident.size() <= most) {
      return Optional.empty();
    }
    Optional<ServedModel> leaving =
        resident.stream()
            .filter(model -> model != newest && !pinned.contains(model.name()))
            .max(Comparator.comparingLong(ServedModel::idle));
    evicted += leaving.isPresent() ? 1 : 0;
    return leaving;
  }

  /** Those among models that are over bases. */
  static List<ServedModel> of(List<ServedModel> models) {
    return models.stream().filter(model -> model.base().isPresent()).toList();
  }

  /** How often a model over a base came into memory. */
  synchronized long loaded() {
    return loaded;
  }

  /** How often one made room for another. */
  synchronized long evicted() {
    return evicted;
  }
}
