package dev.graft.vision.preprocessing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.testkit.golden.GoldenCase;
import dev.graft.testkit.golden.GoldenFolder;
import dev.graft.testkit.golden.GoldenOutcome;
import dev.graft.vision.image.FloatImage;
import dev.graft.vision.image.Image;
import dev.graft.vision.preprocessing.PreprocessingCase.Tolerance;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every file of the preprocessing folder, with the parameters that the file gives. */
class PreprocessingGoldenTest {

  @TestFactory
  Stream<DynamicTest> preprocessing() {
    return GoldenFolder.of("preprocessing").tests(PreprocessingGoldenTest::check);
  }

  private static GoldenOutcome check(GoldenCase file) throws IOException {
    PreprocessingCase golden = new PreprocessingCase(file);
    try {
      return golden.expected("tensor").isMissingNode()
          ? compare(golden, golden.bytes())
          : compare(golden, golden.floats());
    } catch (UnsupportedOperationException e) {
      return GoldenOutcome.notBuilt(e.getMessage());
    }
  }

  private static GoldenOutcome compare(PreprocessingCase golden, Image actual) throws IOException {
    Image expected = golden.expectedImage();
    if (!expected.toString().equals(actual.toString())) {
      return GoldenOutcome.failed("expected %s, got %s".formatted(expected, actual));
    }
    Worst worst = new Worst();
    long sum = 0;
    for (int i = 0; i < expected.pixels().length; i++) {
      worst.add(i, expected.pixels()[i] & 0xFF, actual.pixels()[i] & 0xFF);
      sum += expected.pixels()[i] & 0xFF;
    }
    if (sum != golden.expected("sum").asLong()) {
      return GoldenOutcome.failed("the expected image itself is misread, its sum is " + sum);
    }
    return worst.outcome(golden.tolerance().bytes());
  }

  private static GoldenOutcome compare(PreprocessingCase golden, FloatImage actual) {
    JsonNode tensor = golden.expected("tensor");
    String shape = "[%d,%d,%d]".formatted(actual.channels(), actual.height(), actual.width());
    if (!tensor.get("shape").toString().equals(shape)) {
      return GoldenOutcome.failed(
          "expected shape %s, got %s".formatted(tensor.get("shape"), shape));
    }
    float[] values = actual.values();
    Worst worst = new Worst();
    JsonNode first = tensor.get("first32");
    for (int i = 0; i < first.size(); i++) {
      worst.add(i, first.get(i).asDouble(), values[i]);
    }
    for (JsonNode sample : golden.expected("samples_flat_index_value")) {
      int i = sample.get(0).asInt();
      worst.add(i, sample.get(1).asDouble(), values[i]);
    }
    double sum = 0;
    double squares = 0;
    for (float value : values) {
      sum += value;
      squares += (double) value * value;
    }
    // All values together may be off by what each may be off.
    double allowed = golden.tolerance().mean() * values.length;
    double sumError = Math.abs(tensor.get("sum").asDouble() - sum);
    double normError = Math.abs(tensor.get("l2").asDouble() - Math.sqrt(squares));
    if (!(sumError <= allowed && normError <= allowed)) {
      return GoldenOutcome.failed(
          "sum off by %s, norm by %s; allowed %s".formatted(sumError, normError, allowed));
    }
    return worst.outcome(golden.tolerance());
  }

  /** Collects differences and keeps the worst. */
  private static final class Worst {
    private int count;
    private int equal;
    private double total;
    private double worst = -1;
    private String name = "";

    void add(int index, double expected, double actual) {
      double difference = Math.abs(expected - actual);
      count++;
      total += difference;
      equal += difference == 0 ? 1 : 0;
      if (!(difference <= worst)) {
        worst = difference;
        name = "value %d: expected %s, got %s".formatted(index, expected, actual);
      }
    }

    GoldenOutcome outcome(Tolerance tolerance) {
      String detail =
          "worst %s; mean difference %.3g, %d of %d equal; allowed: %s"
              .formatted(name, total / count, equal, count, tolerance);
      boolean passed =
          worst <= tolerance.largest()
              && total <= tolerance.mean() * count
              && equal >= tolerance.equalShare() * count;
      return passed ? GoldenOutcome.passed(detail) : GoldenOutcome.failed(detail);
    }
  }
}
