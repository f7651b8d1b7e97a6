package dev.graft.task;

import java.util.List;
import java.util.Map;

/** Builds tasks from their settings. */
public final class Tasks {

  private Tasks() {}

  /**
   * The task of an id.
   *
   * @throws IllegalArgumentException if there is none; the message lists what exists
   */
  public static Task of(String id, Map<String, Object> settings) {
    return switch (id) {
      case Classification.ID ->
          new Classification(
              ((List<?>) settings.get("labels")).stream().map(String.class::cast).toList());
      case Regression.ID -> new Regression(number(settings, "mean"), number(settings, "std"));
      default ->
          throw new IllegalArgumentException(
              "no task '%s'; there are %s, %s".formatted(id, Classification.ID, Regression.ID));
    };
  }

  private static double number(Map<String, Object> settings, String key) {
    return ((Number) settings.get(key)).doubleValue();
  }
}
