package dev.graft.plan;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Settings of one method, term, optimizer or source: values by key, as JSON knows them. Built
 * against a list of {@link Setting}s, so that unknown keys and values out of range are refused.
 */
public record Settings(@JsonValue Map<String, Object> values) {

  /** No settings. */
  public static final Settings NONE = new Settings(Map.of());

  @JsonCreator
  public Settings {
    Map<String, Object> copy = new TreeMap<>();
    values.forEach((key, value) -> copy.put(key, plain(key, value)));
    values = Collections.unmodifiableMap(copy);
  }

  /** The value in the one form in which it also comes back from JSON. */
  private static Object plain(String key, Object value) {
    if (value instanceof Long number && number.intValue() == number) {
      return number.intValue();
    }
    if (value instanceof Float number) {
      return plain(key, number.doubleValue());
    }
    if (value instanceof List<?> list) {
      return list.stream().map(element -> plain(key, element)).toList();
    }
    boolean known =
        value instanceof String
            || value instanceof Boolean
            || value instanceof Integer
            || value instanceof Long
            || (value instanceof Double number && Double.isFinite(number));
    if (!known) {
      throw new IllegalArgumentException(
          "setting '%s' is %s; allowed: texts, truth values, finite numbers and lists of them"
              .formatted(key, value));
    }
    return value;
  }

  /** One setting. */
  public static Settings of(String key, Object value) {
    return new Settings(Map.of(key, value));
  }

  /** With one setting changed or added. */
  public Settings with(String key, Object value) {
    Map<String, Object> copy = new TreeMap<>(values);
    copy.put(key, value);
    return new Settings(copy);
  }

  /**
   * These settings checked against what is known, with defaults filled in.
   *
   * @param owner id of the method or term, for the message
   * @throws IllegalArgumentException for an unknown key, a wrong type or a value out of range
   */
  public Settings checked(String owner, List<Setting> known) {
    Map<String, Object> result = new TreeMap<>();
    for (Setting setting : known) {
      Object given = values.get(setting.key());
      result.put(setting.key(), given == null ? setting.initial() : setting.checked(owner, given));
    }
    List<String> unknown = new ArrayList<>(values.keySet());
    unknown.removeAll(result.keySet());
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "%s has no setting %s; it has %s"
              .formatted(owner, unknown, known.stream().map(Setting::key).toList()));
    }
    return new Settings(result);
  }

  /** True if the key has a value. */
  public boolean has(String key) {
    return values.containsKey(key);
  }

  /** A number. */
  public double number(String key) {
    return ((Number) value(key, Number.class)).doubleValue();
  }

  /** A number, or {@code otherwise} where the setting is left to a rule ({@code auto}). */
  public double number(String key, double otherwise) {
    return Setting.AUTO.equals(values.get(key)) ? otherwise : number(key);
  }

  /** A whole number. */
  public int integer(String key) {
    double number = number(key);
    if (number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "setting '%s' is %s, it must be a whole number".formatted(key, number));
    }
    return (int) number;
  }

  /** A text. */
  public String text(String key) {
    return (String) value(key, String.class);
  }

  /** A truth value. */
  public boolean flag(String key) {
    return (Boolean) value(key, Boolean.class);
  }

  /** A list of numbers. */
  public double[] numbers(String key) {
    return ((List<?>) value(key, List.class))
        .stream().mapToDouble(number -> ((Number) number).doubleValue()).toArray();
  }

  private Object value(String key, Class<?> type) {
    Object value = values.get(key);
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(
          "setting '%s' is %s, a %s is needed; there are %s"
              .formatted(key, value, type.getSimpleName(), values.keySet()));
    }
    return value;
  }
}
