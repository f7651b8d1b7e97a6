package dev.graft.vision.family;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@code config.json} as Hugging Face publishes it. It holds much that does not shape the
 * network; that is left aside.
 *
 * @param values the file's content
 */
record ConfigFile(Map<String, Object> values) {

  /** True if the file says that its network is of this type. */
  boolean is(String modelType) {
    return modelType.equals(values.get("model_type"));
  }

  /**
   * What the file says of the settings that a family knows, number of labels included. {@code
   * id2label} is where transformers keeps that number.
   */
  Settings settings(List<Setting> known) {
    Map<String, Object> result = new LinkedHashMap<>();
    if (values.get("id2label") instanceof Map<?, ?> labels) {
      result.put("num_labels", labels.size());
    }
    for (Setting setting : known) {
      if (values.get(setting.key()) != null) {
        result.put(setting.key(), values.get(setting.key()));
      }
    }
    return new Settings(result);
  }

  /**
   * Refuses a file that asks for a network which the family cannot build.
   *
   * @param only keys with the one value that is built
   */
  void require(Map<String, Object> only) {
    only.forEach(
        (key, value) -> {
          Object given = values.get(key);
          if (given != null && !same(given, value)) {
            throw new IllegalArgumentException(
                "'%s' of this %s is %s; only %s is built"
                    .formatted(key, values.get("model_type"), given, value));
          }
        });
  }

  private static boolean same(Object a, Object b) {
    return (a instanceof Number x && b instanceof Number y)
        ? x.doubleValue() == y.doubleValue()
        : a.equals(b);
  }
}
