package dev.graft.testkit.golden;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Compares computed values with those of a reference file and remembers the worst.
 *
 * <p>A tensor's tolerance is relative to its largest expected value; a single number's is relative
 * to itself. A tensor in a reference file is a number, a nested array, or an object with any of
 * {@code values}, {@code first}<i>n</i>, {@code shape}, {@code mean}, {@code std}, {@code l2},
 * {@code sum}; whatever is there is compared. NaN equals only NaN.
 */
public final class Comparison {

  private final double tolerance;
  private final List<String> wrong = new ArrayList<>();
  private int compared;
  private double worst = -1;
  private String worstAt = "";

  /**
   * A comparison with nothing compared yet.
   *
   * @param tolerance allowed error relative to the largest expected value; no unit; 0 is exact
   */
  public Comparison(double tolerance) {
    this.tolerance = tolerance;
  }

  /** Compares one number. */
  public void number(String what, double expected, double actual) {
    value(what, expected, actual, Math.abs(expected));
  }

  /** Compares one number where {@code scale} is what the tolerance is relative to. */
  public void number(String what, double expected, double actual, double scale) {
    value(what, expected, actual, scale);
  }

  /** Compares element by element. */
  public void values(String what, double[] expected, double[] actual) {
    if (expected.length != actual.length) {
      wrong(what, "%d values expected, %d computed".formatted(expected.length, actual.length));
      return;
    }
    values(what, expected, actual, largest(expected));
  }

  /** Compares with whatever the reference file tells of a tensor; {@code actual} is row-major. */
  public void tensor(String what, JsonNode expected, long[] shape, double[] actual) {
    if (expected.isObject() && expected.has("shape")) {
      long[] wanted = shape(expected.get("shape"));
      if (!Arrays.equals(wanted, shape)) {
        wrong(
            what,
            "shape %s expected, %s computed"
                .formatted(Arrays.toString(wanted), Arrays.toString(shape)));
        return;
      }
    }
    tensor(what, expected, actual);
  }

  /** Compares with whatever the reference file tells of a tensor. */
  public void tensor(String what, JsonNode expected, HostTensor actual) {
    double[] values = new double[Math.toIntExact(actual.count())];
    Arrays.setAll(values, actual::get);
    tensor(what, expected, actual.shape(), values);
  }

  /** Compares with whatever the reference file tells of a tensor, its shape left aside. */
  public void tensor(String what, JsonNode expected, double[] actual) {
    if (!expected.isObject()) {
      values(what, flatten(expected), actual);
      return;
    }
    int before = compared;
    double scale = Math.max(scale(expected, actual.length), Double.MIN_NORMAL);
    expected
        .properties()
        .forEach(
            field -> {
              String key = field.getKey();
              if (key.equals("values")) {
                values(what, flatten(field.getValue()), actual);
              } else if (key.matches("first\\d+")) {
                double[] first = flatten(field.getValue());
                values(
                    what,
                    first,
                    Arrays.copyOf(actual, Math.min(first.length, actual.length)),
                    scale);
              } else if (List.of("mean", "std", "l2", "sum").contains(key)) {
                statistic(what, key, field.getValue().asDouble(), actual, scale);
              }
            });
    if (compared == before && wrong.isEmpty()) {
      throw new IllegalArgumentException(
          "the reference of %s has nothing to compare: %s".formatted(what, expected));
    }
  }

  /** Notes a difference that is not one of values: a missing name, a wrong label. */
  public void wrong(String what, String difference) {
    compared++;
    if (wrong.isEmpty() || worst < Double.POSITIVE_INFINITY) {
      worst = Double.POSITIVE_INFINITY;
      worstAt = what + ": " + difference;
    }
    wrong.add(what);
  }

  /** Number of values out of tolerance so far. */
  public int failures() {
    return wrong.size();
  }

  /** Passed with the largest error, or failed with the worst value named. */
  public GoldenOutcome outcome() {
    if (compared == 0) {
      throw new IllegalStateException("nothing was compared");
    }
    return wrong.isEmpty()
        ? GoldenOutcome.passed("%d values, worst %s".formatted(compared, worstAt))
        : GoldenOutcome.failed(
            "%d of %d values out of tolerance, worst %s"
                .formatted(wrong.size(), compared, worstAt));
  }

  /** The numbers of a nested array, row-major; true is 1, null and "nan" are NaN. */
  public static double[] flatten(JsonNode node) {
    List<Double> values = new ArrayList<>();
    flatten(node, values);
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** The sizes in a {@code shape} array. */
  public static long[] shape(JsonNode node) {
    long[] shape = new long[node.size()];
    Arrays.setAll(shape, i -> node.get(i).asLong());
    return shape;
  }

  private static void flatten(JsonNode node, List<Double> values) {
    switch (node.getNodeType()) {
      case ARRAY -> node.forEach(child -> flatten(child, values));
      case BOOLEAN -> values.add(node.booleanValue() ? 1.0 : 0.0);
      case NUMBER -> values.add(node.doubleValue());
      case NULL -> values.add(Double.NaN);
      case STRING ->
          values.add(
              switch (node.textValue().toLowerCase(Locale.ROOT)) {
                case "nan" -> Double.NaN;
                case "inf", "infinity" -> Double.POSITIVE_INFINITY;
                case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
                default -> throw new IllegalArgumentException("not a number: " + node);
              });
      default -> throw new IllegalArgumentException("not a number: " + node);
    }
  }

  private void values(String what, double[] expected, double[] actual, double scale) {
    for (int i = 0; i < Math.min(expected.length, actual.length); i++) {
      value(expected.length == 1 ? what : what + "[" + i + "]", expected[i], actual[i], scale);
    }
    if (actual.length < expected.length) {
      wrong(what, "%d values expected, %d computed".formatted(expected.length, actual.length));
    }
  }

  /** The typical size of the values that the reference does not list in full. */
  private static double scale(JsonNode expected, int count) {
    double scale = 0;
    for (Map.Entry<String, JsonNode> field : expected.properties()) {
      if (field.getValue().isArray() && !field.getKey().equals("shape")) {
        scale = Math.max(scale, largest(flatten(field.getValue())));
      }
    }
    if (expected.has("l2") && count > 0) {
      scale = Math.max(scale, expected.get("l2").asDouble() / Math.sqrt(count));
    }
    return scale;
  }

  private void statistic(String what, String key, double expected, double[] actual, double scale) {
    double sum = Arrays.stream(actual).sum();
    double mean = sum / actual.length;
    String name = key + " of " + what;
    switch (key) {
      case "sum" -> value(name, expected, sum, scale * actual.length);
      case "mean" -> value(name, expected, mean, scale);
      case "l2" ->
          value(
              name,
              expected,
              Math.sqrt(Arrays.stream(actual).map(v -> v * v).sum()),
              Math.abs(expected));
      default ->
          value(
              name,
              expected,
              Math.sqrt(
                  Arrays.stream(actual).map(v -> (v - mean) * (v - mean)).average().orElse(0)),
              scale);
    }
  }

  private void value(String what, double expected, double actual, double scale) {
    compared++;
    double error = error(expected, actual, scale);
    if (error > worst) {
      worst = error;
      worstAt =
          "%s: expected %s, got %s, error %.3g of the scale, allowed %.3g"
              .formatted(what, expected, actual, error, tolerance);
    }
    if (!(error <= tolerance)) {
      wrong.add(what);
    }
  }

  private static double error(double expected, double actual, double scale) {
    if (Double.compare(expected, actual) == 0 || expected == actual) {
      return 0;
    }
    double error = Math.abs(expected - actual) / scale;
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).filter(Double::isFinite).max().orElse(0);
  }
}
