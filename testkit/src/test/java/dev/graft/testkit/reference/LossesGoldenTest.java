package dev.graft.testkit.reference;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.tensor.DType;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.golden.Comparison;
import dev.graft.testkit.golden.GoldenCase;
import dev.graft.testkit.golden.GoldenFolder;
import dev.graft.testkit.golden.GoldenOutcome;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Losses and their gradients, in double precision, against PyTorch's. */
class LossesGoldenTest {

  private static final double TOLERANCE = 1e-9;

  /** The number is the position of the target, not its class. */
  private static final Pattern IGNORED = Pattern.compile("mean_with_target_(\\d+)_ignored");

  private static final double IGNORE = -100;

  @TestFactory
  Stream<DynamicTest> losses() {
    return GoldenFolder.of("losses").tests(LossesGoldenTest::check);
  }

  static GoldenOutcome check(GoldenCase golden) {
    return golden.json().path("source").asText().endsWith("nn.functional.cross_entropy")
        ? crossEntropy(golden.json())
        : GoldenOutcome.notBuilt(golden.name());
  }

  private static GoldenOutcome crossEntropy(JsonNode json) {
    Comparison comparison = new Comparison(TOLERANCE);
    JsonNode expected = json.path("expected");
    for (var field : expected.properties()) {
      String key = field.getKey();
      if (field.getValue().isNumber()) {
        try (Scope scope = Scope.open()) {
          Tensor logits = Tensor.of(Inputs.floats(json.path("inputs").path("logits")));
          logits = logits.to(DType.FLOAT64);
          logits.setRequiresGrad(true);
          Tensor loss = crossEntropy(json, key, logits);
          loss.backward();
          comparison.number(key, field.getValue().asDouble(), loss.item());
          comparison.tensor(
              "gradient of " + key,
              expected.path("gradient_of_" + key).path("logits"),
              logits.grad().toHost());
        }
      }
    }
    return comparison.outcome();
  }

  private static Tensor crossEntropy(JsonNode json, String key, Tensor logits) {
    double smoothing =
        key.endsWith("no_smoothing")
            ? 0
            : json.path("parameters").path("label_smoothing").asDouble();
    Matcher ignored = IGNORED.matcher(key);
    double[] targets = Inputs.numbers(json.path("inputs").path("target"));
    if (ignored.matches()) {
      targets[Integer.parseInt(ignored.group(1))] = IGNORE;
    }
    long[] labels = Arrays.stream(targets).mapToLong(label -> (long) label).toArray();
    Tensor weights =
        key.contains("class_weight")
            ? Tensor.of(Inputs.floats(json.path("inputs").path("class_weight"))).to(DType.FLOAT64)
            : null;
    return Nn.crossEntropy(logits, Tensor.of(labels, labels.length), weights, smoothing);
  }
}
