package dev.graft.regularization;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.layers.BatchNorm2d;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.golden.Comparison;
import dev.graft.testkit.golden.GoldenCase;
import dev.graft.testkit.golden.GoldenFolder;
import dev.graft.testkit.golden.GoldenInputs;
import dev.graft.testkit.golden.GoldenOutcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Losses and gradients of the regularisers against those of the Transfer Learning Library. */
class RegularizationGoldenTest {

  private static final double TOLERANCE = 1e-9;
  private static final double SPECTRAL = 1e-4;

  @TestFactory
  Stream<DynamicTest> transfer() {
    return GoldenFolder.of("transfer").tests(RegularizationGoldenTest::check);
  }

  @TestFactory
  Stream<DynamicTest> losses() {
    return GoldenFolder.of("losses").tests(RegularizationGoldenTest::smoothing);
  }

  private static GoldenOutcome check(GoldenCase golden) {
    try (Scope scope = Scope.open()) {
      return switch (golden.name()) {
        case "afn" -> features(golden, TOLERANCE, "features", x -> Afn.loss(x, 1));
        case "bss_k3" -> features(golden, SPECTRAL, "features", x -> Spectrum.smallest(x, 3));
        case "bsp" -> bsp(golden);
        case "co_tuning" -> coTuning(golden);
        case "delta_behavioral" -> delta(golden, false);
        case "delta_attention_behavioral" -> delta(golden, true);
        case "l2_and_l2_sp" -> l2Sp(golden);
        case "stochnorm2d" -> stochNorm(golden);
        default -> GoldenOutcome.notBuilt("a method of alignment");
      };
    }
  }

  private interface Loss {
    Tensor of(Tensor input);
  }

  private static GoldenOutcome features(
      GoldenCase golden, double tolerance, String name, Loss loss) {
    Tensor input = new GoldenInputs(golden).tensor(name, true);
    return compare(golden, tolerance, loss.of(input), Map.of(name, input));
  }

  /** Compares the loss and its gradients; takes the gradients here. */
  private static GoldenOutcome compare(
      GoldenCase golden, double tolerance, Tensor loss, Map<String, Tensor> inputs) {
    Comparison comparison = new Comparison(tolerance);
    JsonNode expected = golden.json().path("expected");
    loss.backward();
    comparison.number("loss", expected.path("loss").asDouble(), loss.item());
    inputs.forEach(
        (name, tensor) ->
            comparison.tensor(
                "gradient of " + name,
                expected.path("gradient_of_loss").path(name),
                tensor.grad().toHost()));
    return comparison.outcome();
  }

  private static GoldenOutcome bsp(GoldenCase golden) {
    GoldenInputs inputs = new GoldenInputs(golden);
    Tensor source = inputs.tensor("f_s", true);
    Tensor target = inputs.tensor("f_t", true);
    Tensor loss = Spectrum.largest(source, 1).add(Spectrum.largest(target, 1));
    return compare(golden, SPECTRAL, loss, Map.of("f_s", source, "f_t", target));
  }

  private static GoldenOutcome coTuning(GoldenCase golden) {
    GoldenInputs inputs = new GoldenInputs(golden);
    Tensor probabilities = Nn.softmax(inputs.tensor("calibration_source_logits", false), -1);
    Tensor relation =
        CoTuning.relation(
            probabilities, inputs.labels("calibration_target_labels"), List.of("a", "b", "c"));
    Comparison comparison = new Comparison(TOLERANCE);
    comparison.tensor(
        "relationship", golden.json().path("expected").path("relationship"), relation.toHost());
    Tensor logits = inputs.tensor("source_logits", true);
    Tensor loss = CoTuning.loss(logits, relation, inputs.labels("batch_labels"));
    GoldenOutcome rest = compare(golden, TOLERANCE, loss, Map.of("source_logits", logits));
    return comparison.failures() > 0 ? comparison.outcome() : rest;
  }

  private static GoldenOutcome delta(GoldenCase golden, boolean attends) {
    GoldenInputs inputs = new GoldenInputs(golden);
    Map<String, Tensor> targets = new LinkedHashMap<>();
    Tensor sum = Tensor.scalar(0);
    for (int layer = 0; layer < 2; layer++) {
      Tensor target = inputs.tensor("target_" + layer, true);
      Tensor source = inputs.tensor("source_" + layer, false);
      targets.put("target_" + layer, target);
      sum =
          sum.add(
              attends
                  ? FeatureMaps.distance(
                      target,
                      source,
                      Nn.softmax(inputs.tensor("attention_logits_" + layer, false), 0))
                  : FeatureMaps.distance(target, source));
    }
    return compare(golden, TOLERANCE, sum, targets);
  }

  private static GoldenOutcome l2Sp(GoldenCase golden) {
    GoldenInputs inputs = new GoldenInputs(golden);
    List<String> names = List.of("0.weight", "0.bias", "2.weight", "2.bias");
    List<Tensor> weights =
        names.stream().map(name -> inputs.filled("l2sp.target." + name, true)).toList();
    List<Tensor> references =
        names.stream().map(name -> inputs.filled("l2sp.source." + name, false)).toList();
    JsonNode expected = golden.json().path("expected");
    Comparison comparison = new Comparison(TOLERANCE);
    Tensor penalty = L2Sp.halfSquares(weights, references);
    penalty.backward();
    comparison.number("sp", expected.path("sp").asDouble(), penalty.item());
    comparison.tensor(
        "gradient of sp", expected.path("grad_sp_target_0_weight"), weights.get(0).grad().toHost());
    comparison.number(
        "l2", expected.path("l2").asDouble(), L2Sp.halfSquares(weights, List.of()).item());
    return comparison.outcome();
  }

  private static GoldenOutcome stochNorm(GoldenCase golden) {
    GoldenInputs inputs = new GoldenInputs(golden);
    JsonNode expected = golden.json().path("expected");
    Comparison comparison = new Comparison(TOLERANCE);
    try (BatchNorm2d norm = new BatchNorm2d(6);
        StochNormLayer layer = doubled(norm, inputs)) {
      Tensor x = inputs.tensor("input", true);
      Tensor choice = inputs.labels("selection_s").gt(0.5);
      Tensor output = layer.mixed(x, choice);
      comparison.tensor("output", expected.path("train_output"), output.detach().toHost());
      comparison.tensor(
          "mean", expected.path("running_mean_after"), buffer(layer, "running_mean").toHost());
      comparison.tensor(
          "variance", expected.path("running_var_after"), buffer(layer, "running_var").toHost());
      Tensor squares = output.pow(2).sum();
      squares.backward();
      comparison.number(
          "squares", expected.path("sum_of_squares_of_train_output").asDouble(), squares.item());
      gradient(expected, x);
      layer.setTrainingAll(false);
      comparison.tensor(
          "evaluation", expected.path("eval_output_after"), layer.apply(x).detach().toHost());
    }
    return comparison.outcome();
  }

  /**
   * Where a channel takes the batch's statistics, the gradient of the sum of squares is all but 0,
   * a difference of numbers a million times as large; so its values are compared to the scale of
   * the whole.
   */
  private static void gradient(JsonNode expected, Tensor x) {
    JsonNode reference = expected.path("gradient_of_sum_of_squares_of_train_output").path("input");
    double[] first = Comparison.flatten(reference.path("first8"));
    double l2 = reference.path("l2").asDouble();
    for (int i = 0; i < first.length; i++) {
      double actual = x.grad().reshape(-1).select(0, i).item();
      if (Math.abs(actual - first[i]) > TOLERANCE * l2) {
        throw new AssertionError("gradient %d: expected %s, got %s".formatted(i, first[i], actual));
      }
    }
    if (Math.abs(x.grad().norm().item() - l2) > TOLERANCE * l2) {
      throw new AssertionError("l2 of the gradient: expected " + l2);
    }
  }

  private static Tensor buffer(StochNormLayer layer, String name) {
    return layer.buffers().get(name);
  }

  private static StochNormLayer doubled(BatchNorm2d norm, GoldenInputs inputs) {
    try (Autograd off = Autograd.off()) {
      norm.parameters()
          .forEach(
              (name, weight) ->
                  weight.tensor().replaceData(inputs.filled("stochnorm2d.layer." + name, false)));
      for (String name : List.of("running_mean", "running_var")) {
        norm.buffers().get(name).replaceData(inputs.filled("stochnorm2d.layer." + name, false));
      }
    }
    return new StochNormLayer(norm, 0.5);
  }

  // ---- label smoothing ----

  private static GoldenOutcome smoothing(GoldenCase golden) {
    if (!golden.name().equals("cross_entropy_label_smoothing")) {
      return GoldenOutcome.notBuilt(golden.name());
    }
    try (Scope scope = Scope.open()) {
      GoldenInputs inputs = new GoldenInputs(golden);
      Tensor logits = inputs.tensor("logits", true);
      Tensor usual = Nn.crossEntropy(logits, inputs.labels("target"), 0);
      Tensor loss = usual.add(LabelSmoothing.uniform(logits).sub(usual).mul(0.1));
      loss.backward();
      JsonNode expected = golden.json().path("expected");
      Comparison comparison = new Comparison(TOLERANCE);
      comparison.number("mean", expected.path("mean").asDouble(), loss.item());
      comparison.tensor(
          "gradient", expected.path("gradient_of_mean").path("logits"), logits.grad().toHost());
      return comparison.outcome();
    }
  }
}
