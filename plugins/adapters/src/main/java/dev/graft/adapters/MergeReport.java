package dev.graft.adapters;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a merge cost: for each layer the largest difference between the weight that was computed, in
 * 32 bits at least, and the one its type can hold.
 *
 * @param errors by path of the layer; 0 where the layer's own type is 32 bits or wider
 */
public record MergeReport(Map<String, Double> errors) {

  public MergeReport {
    errors = Collections.unmodifiableMap(new LinkedHashMap<>(errors));
  }

  /** The largest error of all. */
  public double largestError() {
    return errors.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  /** Path of the layer with the largest error; empty where nothing was merged. */
  public String worst() {
    return errors.entrySet().stream()
        .max(Comparator.comparingDouble(Map.Entry::getValue))
        .map(Map.Entry::getKey)
        .orElse("");
  }
}
