package dev.graft.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How to build a network: the id of its family and the family's settings, as a {@code config.json}
 * gives them. Plain data; it travels in bundles.
 *
 * @param family id of a model family, for example {@code resnet}
 * @param settings values as JSON knows them: strings, numbers, booleans, lists, maps
 */
public record ModelSpec(String family, Map<String, Object> settings) {

  public ModelSpec {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  /** With one setting changed or added. */
  public ModelSpec with(String key, Object value) {
    Map<String, Object> copy = new LinkedHashMap<>(settings);
    copy.put(key, value);
    return new ModelSpec(family, copy);
  }
}
