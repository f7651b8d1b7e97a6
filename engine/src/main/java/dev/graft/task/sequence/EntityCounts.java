package dev.graft.task.sequence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Entities that are there, are predicted, and are both: same words, same type. A precision or
 * recall of nothing is 0.
 *
 * @param truth number of true entities
 * @param predicted number of predicted ones
 * @param right number of those that are predicted and true
 */
public record EntityCounts(long truth, long predicted, long right) {

  private static final EntityCounts NONE = new EntityCounts(0, 0, 0);

  /**
   * The counts of each type that is true or predicted anywhere, in alphabetical order.
   *
   * @param truth tags of each sequence
   * @param predicted tags of each sequence, as many as there are true ones
   */
  public static Map<String, EntityCounts> byType(
      List<List<String>> truth, List<List<String>> predicted) {
    Map<String, EntityCounts> counts = new TreeMap<>();
    for (int i = 0; i < truth.size(); i++) {
      List<Entity> there = Entity.of(truth.get(i));
      List<Entity> found = Entity.of(predicted.get(i));
      List<Entity> right = new ArrayList<>(found);
      right.retainAll(there);
      there.forEach(entity -> add(counts, entity, new EntityCounts(1, 0, 0)));
      found.forEach(entity -> add(counts, entity, new EntityCounts(0, 1, 0)));
      right.forEach(entity -> add(counts, entity, new EntityCounts(0, 0, 1)));
    }
    return counts;
  }

  private static void add(Map<String, EntityCounts> counts, Entity entity, EntityCounts more) {
    counts.merge(entity.type(), more, EntityCounts::plus);
  }

  /** The counts of all types together. */
  public static EntityCounts all(List<List<String>> truth, List<List<String>> predicted) {
    return byType(truth, predicted).values().stream().reduce(NONE, EntityCounts::plus);
  }

  private EntityCounts plus(EntityCounts other) {
    return new EntityCounts(truth + other.truth, predicted + other.predicted, right + other.right);
  }

  /** Share of the predicted ones that are true. */
  public double precision() {
    return predicted == 0 ? 0 : (double) right / predicted;
  }

  /** Share of the true ones that are found. */
  public double recall() {
    return truth == 0 ? 0 : (double) right / truth;
  }

  /** Harmonic mean of precision and recall. */
  public double f1() {
    return truth + predicted == 0 ? 0 : 2.0 * right / (truth + predicted);
  }
}
