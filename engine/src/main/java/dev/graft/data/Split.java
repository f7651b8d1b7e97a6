package dev.graft.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The three parts of a data set, and other data sets of the run. The first part is trained on, the
 * second selects (epoch, settings), the third is touched once, at the end.
 *
 * @param training what gradients come from
 * @param validation what selection looks at
 * @param test what the reported figures are computed on
 * @param others further data sets that streams may name, such as {@code unlabelled}
 */
public record Split(
    Dataset training, Dataset validation, Dataset test, Map<String, Dataset> others) {

  public Split {
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
    for (String name : others.keySet()) {
      if (parts(training, validation, test).containsKey(name)) {
        throw new IllegalArgumentException(
            "'%s' is a part of the data; another data set needs another name".formatted(name));
      }
    }
  }

  /** The three parts alone. */
  public Split(Dataset training, Dataset validation, Dataset test) {
    this(training, validation, test, Map.of());
  }

  /** With one more data set, or one replaced. */
  public Split with(String name, Dataset data) {
    Map<String, Dataset> all = new LinkedHashMap<>(others);
    all.put(name, data);
    return new Split(training, validation, test, all);
  }

  /** Names of the other data sets that are the training examples once more, labelled otherwise. */
  public Set<String> sameExamples() {
    Set<String> names = new TreeSet<>();
    others.forEach(
        (name, data) -> {
          if (data.sameExamples(training)) {
            names.add(name);
          }
        });
    return names;
  }

  /** Everything by name: {@code training}, {@code validation}, {@code test}, then the others. */
  public Map<String, Dataset> byName() {
    Map<String, Dataset> all = parts(training, validation, test);
    all.putAll(others);
    return all;
  }

  private static Map<String, Dataset> parts(Dataset training, Dataset validation, Dataset test) {
    Map<String, Dataset> parts = new LinkedHashMap<>();
    parts.put("training", training);
    parts.put("validation", validation);
    parts.put("test", test);
    return parts;
  }

  /**
   * A part or another data set.
   *
   * @throws IllegalArgumentException if there is none of that name; the message lists what exists
   */
  public Dataset named(String name) {
    Dataset found = byName().get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "no data set named '%s'; this run has %s".formatted(name, byName().keySet()));
    }
    return found;
  }
}
