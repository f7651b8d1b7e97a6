package dev.graft.task;

import java.util.List;
import java.util.Map;

/** Builds tasks from their settings. */
public final class Tasks {

  private Tasks() {}

  /**
   * The task of an id.
   *
   * @throws IllegalArgumentException if there is none, or a setting is missing or of another type;
   *     the message lists what exists
   */
  public static Task of(String id, Map<String, Object> settings) {
    return switch (id) {
      case Classification.ID -> new Classification(texts(settings, "labels"));
      case Regression.ID -> new Regression(number(settings, "mean"), number(settings, "std"));
      case MultiTask.ID -> MultiTask.of(settings);
      default ->
          throw new IllegalArgumentException(
              "no task '%s'; there are %s, %s, %s"
                  .formatted(id, Classification.ID, Regression.ID, MultiTask.ID));
    };
  }

  private static double number(Map<String, Object> settings, String key) {
    if (settings.get(key) instanceof Number number) {
      return number.doubleValue();
    }
    throw wrong(settings, key, "a number");
  }

  private static List<String> texts(Map<String, Object> settings, String key) {
    if (settings.get(key) instanceof List<?> list
        && list.stream().allMatch(String.class::isInstance)) {
      return list.stream().map(String.class::cast).toList();
    }
    throw wrong(settings, key, "a list of texts");
  }

  private static IllegalArgumentException wrong(
      Map<String, Object> settings, String key, String wanted) {
    return new IllegalArgumentException(
        "setting '%s' of the task is %s, it must be %s; there are %s"
            .formatted(key, settings.get(key), wanted, settings.keySet()));
  }
}
