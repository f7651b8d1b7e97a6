package dev.graft.testkit.golden;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.layers.Module;
import dev.graft.layers.Taps;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.golden.ArchitectureChecker.Findings;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compares the outputs of inner modules with a reference file's trace while a network runs. */
final class ArchitectureTrace implements Taps.Listener {

  private final Map<String, Deque<JsonNode>> expected = new LinkedHashMap<>();
  private final IdentityHashMap<Module, String> paths = new IdentityHashMap<>();
  private final double tolerance;
  private Comparison first;
  private String firstPath;
  private int agreed;

  ArchitectureTrace(JsonNode trace, Map<String, Module> modules, double tolerance) {
    this.tolerance = tolerance;
    for (JsonNode entry : trace) {
      String path = entry.get("module").asText();
      expected.computeIfAbsent(path, key -> new ArrayDeque<>()).add(entry);
    }
    modules.forEach((path, module) -> paths.put(module, path));
  }

  @Override
  public Tensor output(Module module, Tensor output) {
    String path = paths.get(module);
    Deque<JsonNode> entries = expected.get(path);
    if (entries != null && !entries.isEmpty()) {
      Comparison comparison = new Comparison(tolerance);
      compare(comparison, path, entries.remove(), output.detach().toHost());
      if (comparison.failures() == 0) {
        agreed++;
      } else if (first == null) {
        first = comparison;
        firstPath = path;
      }
    }
    return output;
  }

  /** Sizes of 1 at the end of a shape do not count: where a network flattens is its own affair. */
  private static void compare(
      Comparison comparison, String path, JsonNode expected, HostTensor actual) {
    double[] values = new double[Math.toIntExact(actual.count())];
    Arrays.setAll(values, actual::get);
    long[] shape = Comparison.shape(expected.get("shape"));
    if (trimmed(shape).equals(trimmed(actual.shape()))) {
      comparison.tensor(path, expected, values);
    } else {
      comparison.tensor(path, expected, actual.shape(), values);
    }
  }

  private static List<Long> trimmed(long[] shape) {
    int length = shape.length;
    while (length > 0 && shape[length - 1] == 1) {
      length--;
    }
    return Arrays.stream(shape).limit(length).boxed().toList();
  }

  /**
   * Enters the first module that differs, or how many agreed and which were not there to compare.
   */
  void into(Findings findings, String mode) {
    if (first != null) {
      findings.add(mode + " trace, first module that differs: " + firstPath, first);
    } else if (!expected.isEmpty()) {
      List<String> left =
          expected.entrySet().stream()
              .filter(entry -> !entry.getValue().isEmpty())
              .map(Map.Entry::getKey)
              .toList();
      findings.note(
          "%s trace: %d modules agree%s"
              .formatted(mode, agreed, left.isEmpty() ? "" : ", not compared: " + left));
    }
  }
}
