package dev.graft.text.family;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a published configuration says by which angles positions are turned: {@code rope_theta} and
 * {@code rope_scaling}, or both in {@code rope_parameters}.
 */
final class RopeSettings {

  static final String THETA = "rope_theta";
  static final String FACTOR = "rope_factor";
  static final String PART = "partial_rotary_factor";

  private RopeSettings() {}

  /**
   * What is said: {@link #THETA}, {@link #FACTOR} by which positions are divided, and {@link #PART}
   * of a head that is turned; what is not said is absent.
   *
   * @throws IllegalArgumentException if angles are made in another way
   */
  static Map<String, Object> of(Map<String, Object> config) {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put(THETA, config.get(THETA));
    said.put(PART, config.get(PART));
    for (String key : List.of("rope_scaling", "rope_parameters")) {
      if (config.get(key) instanceof Map<?, ?> given) {
        said.put(FACTOR, factor(key, given));
        for (String name : List.of(THETA, PART)) {
          if (given.get(name) != null) {
            said.put(name, given.get(name));
          }
        }
      }
    }
    said.values().removeIf(value -> value == null);
    return said;
  }

  /** The factor that is given, null where positions are taken as they are. */
  private static Object factor(String key, Map<?, ?> given) {
    Object type = given.containsKey("rope_type") ? given.get("rope_type") : given.get("type");
    boolean plain = type == null ? !given.containsKey("factor") : type.equals("default");
    if (given.values().stream().anyMatch(Map.class::isInstance)) {
      throw new IllegalArgumentException(
          "%s says %s for kinds of layers; built is one for all layers"
              .formatted(key, given.keySet()));
    }
    if (!plain && !"linear".equals(type)) {
      throw new IllegalArgumentException(
          "%s of type '%s'; built are 'default' and 'linear'".formatted(key, type));
    }
    if (!plain && !(given.get("factor") instanceof Number)) {
      throw new IllegalArgumentException(
          "%s of type 'linear' has the factor '%s'; it must be a number"
              .formatted(key, given.get("factor")));
    }
    return plain ? null : given.get("factor");
  }
}
