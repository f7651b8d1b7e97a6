package dev.graft;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A model as it is, in figures.
 *
 * @param parameters number of them
 * @param test metrics on the test part by id; empty where it knows other classes
 */
public record Measured(long parameters, Map<String, Double> test) {

  public Measured {
    test = Collections.unmodifiableMap(new LinkedHashMap<>(test));
  }
}
