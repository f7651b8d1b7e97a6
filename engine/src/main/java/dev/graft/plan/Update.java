package dev.graft.plan;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One of several updates that each step of a phase makes on the same batch, for methods whose parts
 * pull against each other: the heads apart, then the backbone together.
 *
 * @param name unique in the phase
 * @param groups groups whose parameters move, of those the phase trains; empty: all
 * @param weights factor on each term's own weight, by the term's id; a term left out does not count
 * @param repeat how often it is made in a row, at least 1
 */
public record Update(String name, List<String> groups, Map<String, Double> weights, int repeat) {

  public Update {
    groups = List.copyOf(groups);
    weights = Collections.unmodifiableMap(new TreeMap<>(weights));
    if (repeat < 1) {
      throw new IllegalArgumentException(
          "update '%s' is made %d times; allowed: 1 or more".formatted(name, repeat));
    }
  }

  /** With the weight of one more term. */
  public Update plusWeight(String term, double weight) {
    Map<String, Double> all = new TreeMap<>(weights);
    all.put(term, weight);
    return new Update(name, groups, all, repeat);
  }
}
