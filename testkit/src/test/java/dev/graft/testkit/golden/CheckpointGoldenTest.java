package dev.graft.testkit.golden;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.tensor.DType;
import dev.graft.weights.Checkpoint;
import dev.graft.weights.ReadOptions;
import dev.graft.weights.ReadOptions.Access;
import dev.graft.weights.StoredTensor;
import dev.graft.weights.WeightFormatException;
import dev.graft.weights.WeightFormatException.Reason;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Weight files that other programs wrote: everything in them is read back exactly, copied and
 * mapped.
 *
 * <p>Values were printed with 9 significant digits, which determine a 32-bit float; the two types
 * that are wider than that are compared as printed.
 */
class CheckpointGoldenTest {

  @TestFactory
  Stream<DynamicTest> checkpoints() {
    return GoldenFolder.of("checkpoints").tests(CheckpointGoldenTest::check);
  }

  private static GoldenOutcome check(GoldenCase golden) throws IOException {
    Comparison comparison = new Comparison(0);
    Path file = golden.sibling(golden.json().get("file").textValue());
    JsonNode content = golden.json().get("content");
    for (Access access : List.of(Access.COPY, Access.MAP)) {
      ReadOptions options = ReadOptions.defaults().with(access);
      compare("content", content, read(file, options), comparison);
    }
    return comparison.outcome();
  }

  /** The object tree of a PyTorch checkpoint; a map of tensors, or a single one, of other files. */
  private static Object read(Path file, ReadOptions options) throws IOException {
    try {
      return Checkpoint.open(file, options).root();
    } catch (WeightFormatException e) {
      if (e.reason() != Reason.UNKNOWN_FORMAT) {
        throw e;
      }
    }
    Weights weights = Weights.open(file, options);
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    weights.names().forEach(name -> tensors.put(name, weights.stored(name)));
    return file.toString().endsWith(".npy") ? tensors.values().iterator().next() : tensors;
  }

  private static void compare(String at, JsonNode expected, Object actual, Comparison comparison) {
    if (actual instanceof StoredTensor tensor) {
      compareTensor(at, expected, tensor, comparison);
    } else if (actual instanceof Map<?, ?> map && expected.isObject()) {
      comparison.number("size of " + at, expected.size(), map.size());
      map.forEach(
          (key, value) ->
              compare(at + "." + key, expected.path(key.toString()), value, comparison));
    } else if (actual instanceof List<?> list && expected.isArray()) {
      comparison.number("size of " + at, expected.size(), list.size());
      for (int i = 0; i < list.size(); i++) {
        compare(at + "[" + i + "]", expected.path(i), list.get(i), comparison);
      }
    } else if (actual instanceof Number number && expected.isNumber()) {
      comparison.number(at, expected.doubleValue(), number.doubleValue());
    } else if (!expected.asText().equals(String.valueOf(actual))) {
      comparison.wrong(at, "expected %s, got %s".formatted(expected, actual));
    }
  }

  private static void compareTensor(
      String at, JsonNode expected, StoredTensor tensor, Comparison comparison) {
    String type = tensor.dtype().name().toLowerCase(Locale.ROOT);
    if (!expected.path("tensor").asText().equals(type)) {
      comparison.wrong(at, "expected %s, got %s".formatted(expected.path("tensor"), type));
      return;
    }
    double[] values = new double[Math.toIntExact(tensor.read().count())];
    for (int i = 0; i < values.length; i++) {
      values[i] = asPrinted(tensor.dtype(), tensor.read().get(i));
    }
    double[] wanted = Comparison.flatten(expected.get("values"));
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = asPrinted(tensor.dtype(), wanted[i]);
    }
    comparison.values(at, wanted, values);
    comparison.values(
        "shape of " + at,
        Comparison.flatten(expected.get("shape")),
        Arrays.stream(tensor.shape()).asDoubleStream().toArray());
  }

  /** What 9 significant digits can tell of a value of this type. */
  private static double asPrinted(DType dtype, double value) {
    return switch (dtype) {
      case FLOAT64 -> Double.parseDouble(String.format(Locale.ROOT, "%.8e", value));
      case FLOAT32 -> (float) value;
      // A half has too few bits to be told from its neighbours by the last of 9 digits.
      case FLOAT16, BFLOAT16 -> Double.parseDouble(String.format(Locale.ROOT, "%.6e", value));
      default -> value;
    };
  }
}
