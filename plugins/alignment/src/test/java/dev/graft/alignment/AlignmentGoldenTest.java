package dev.graft.alignment;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.layers.Activation;
import dev.graft.layers.Linear;
import dev.graft.layers.Sequential;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.golden.Comparison;
import dev.graft.testkit.golden.GoldenCase;
import dev.graft.testkit.golden.GoldenFolder;
import dev.graft.testkit.golden.GoldenInputs;
import dev.graft.testkit.golden.GoldenOutcome;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Losses and gradients of alignment against those of the Transfer Learning Library. */
class AlignmentGoldenTest {

  private static final double TOLERANCE = 1e-9;

  @TestFactory
  Stream<DynamicTest> transfer() {
    return GoldenFolder.of("transfer").tests(AlignmentGoldenTest::check);
  }

  private static GoldenOutcome check(GoldenCase golden) {
    try (Scope scope = Scope.open()) {
      GoldenInputs inputs = new GoldenInputs(golden);
      return switch (golden.name()) {
        case "deep_coral" -> pair(golden, "f_s", "f_t", Coral::loss);
        case "mk_mmd_dan_full" -> pair(golden, "z_s", "z_t", Dan::loss);
        case "jmmd_jan" -> pair(golden, "z_s", "z_t", (s, t) -> jan(inputs, s, t));
        case "cdan" -> cdan(golden, inputs);
        case "mdd_classification" -> mdd(golden, inputs);
        case "pseudo_label_threshold" -> pseudoLabel(golden, inputs);
        case "grl_warm_start_schedule" -> schedule(golden);
        default -> GoldenOutcome.notBuilt("a regulariser");
      };
    }
  }

  private interface Pair {
    Tensor of(Tensor source, Tensor target);
  }

  private static GoldenOutcome pair(GoldenCase golden, String one, String other, Pair loss) {
    GoldenInputs inputs = new GoldenInputs(golden);
    Tensor source = inputs.tensor(one, true);
    Tensor target = inputs.tensor(other, true);
    return compare(golden, loss.of(source, target), Map.of(one, source, other, target));
  }

  /** Compares the loss and its gradients; takes the gradients here. */
  private static GoldenOutcome compare(GoldenCase golden, Tensor loss, Map<String, Tensor> inputs) {
    Comparison comparison = new Comparison(TOLERANCE);
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

  private static Tensor jan(GoldenInputs inputs, Tensor source, Tensor target) {
    Tensor logits = Discrimination.joined(inputs.tensor("g_s", false), inputs.tensor("g_t", false));
    return Jan.loss(
        Discrimination.joined(source, target), Nn.softmax(logits, -1), source.size(0), 0.92);
  }

  private static GoldenOutcome cdan(GoldenCase golden, GoldenInputs inputs) {
    Tensor source = inputs.tensor("f_s", true);
    Tensor target = inputs.tensor("f_t", true);
    try (Linear first = new Linear(15, 7);
        Linear second = new Linear(7, 1)) {
      fill(first, "cdan.discriminator.0.", inputs);
      fill(second, "cdan.discriminator.2.", inputs);
      // The stored network ends in a sigmoid; ours gives logits to the same loss.
      Sequential network = new Sequential(first, new Activation(Activation.Function.RELU), second);
      Tensor loss =
          Cdan.loss(
              network,
              new Cdan.Side(source, inputs.tensor("g_s", false)),
              new Cdan.Side(target, inputs.tensor("g_t", false)),
              /* coefficient= */ 1,
              /* entropy= */ false);
      return compare(golden, loss, Map.of("f_s", source, "f_t", target));
    }
  }

  private static void fill(Linear layer, String name, GoldenInputs inputs) {
    layer.weight().replaceData(inputs.filled(name + "weight", false));
    layer.bias().replaceData(inputs.filled(name + "bias", false));
  }

  private static GoldenOutcome mdd(GoldenCase golden, GoldenInputs inputs) {
    Tensor source = inputs.tensor("y_s_adv", true);
    Tensor target = inputs.tensor("y_t_adv", true);
    double margin = golden.json().path("parameters").path("margin").asDouble();
    Tensor loss =
        Mdd.discrepancy(
            new Mdd.Heads(inputs.tensor("y_s", false), source),
            new Mdd.Heads(inputs.tensor("y_t", false), target),
            margin);
    return compare(golden, loss, Map.of("y_s_adv", source, "y_t_adv", target));
  }

  private static GoldenOutcome pseudoLabel(GoldenCase golden, GoldenInputs inputs) {
    Tensor strong = inputs.tensor("strong_logits", true);
    Tensor weak = inputs.tensor("weak_logits", false);
    double threshold = golden.json().path("parameters").path("threshold").asDouble();
    Comparison comparison = new Comparison(TOLERANCE);
    JsonNode expected = golden.json().path("expected");
    comparison.tensor("mask", expected.path("mask"), SelfTraining.sure(weak, threshold).toHost());
    comparison.tensor(
        "labels", expected.path("pseudo_labels"), Discrimination.labels(weak).toHost());
    if (comparison.failures() > 0) {
      return comparison.outcome();
    }
    Tensor loss = SelfTraining.pseudoLabels(strong, weak, threshold);
    return compare(golden, loss, Map.of("strong_logits", strong));
  }

  private static GoldenOutcome schedule(GoldenCase golden) {
    JsonNode parameters = golden.json().path("parameters");
    Reversal reversal =
        new Reversal(
            parameters.path("alpha").asDouble(),
            parameters.path("lo").asDouble(),
            parameters.path("hi").asDouble());
    double most = parameters.path("max_iters").asDouble();
    Comparison comparison = new Comparison(TOLERANCE);
    for (var entry : golden.json().path("expected").path("coefficient_at_iteration").properties()) {
      double progress = Double.parseDouble(entry.getKey()) / most;
      comparison.number(
          "coefficient at " + entry.getKey(),
          entry.getValue().asDouble(),
          reversal.coefficient(progress));
    }
    return comparison.outcome();
  }
}
