package dev.graft.train;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.golden.Comparison;
import dev.graft.testkit.golden.GoldenCase;
import dev.graft.testkit.golden.GoldenFill;
import dev.graft.testkit.golden.GoldenFolder;
import dev.graft.testkit.golden.GoldenOutcome;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Mixup and cutmix against timm's; the other files among the losses are checked elsewhere. */
class MixingGoldenTest {

  /** The references are computed in double precision on 32-bit inputs, we compute in 32 bits. */
  private static final double TOLERANCE = 1e-5;

  @TestFactory
  Stream<DynamicTest> losses() {
    return GoldenFolder.of("losses").tests(MixingGoldenTest::check);
  }

  private static GoldenOutcome check(GoldenCase golden) {
    JsonNode file = golden.json();
    return switch (file.path("name").asText()) {
      case "mixup", "cutmix" -> mixing(file);
      case "cutmix_rand_bbox_formula" -> boxes(file.at("/expected/boxes"));
      default -> GoldenOutcome.notBuilt(golden.name());
    };
  }

  private static GoldenOutcome mixing(JsonNode file) {
    String name = file.get("name").asText();
    JsonNode inputs = file.get("inputs");
    JsonNode expected = file.get("expected");
    Comparison comparison = new Comparison(TOLERANCE);
    try (Scope scope = Scope.open()) {
      Tensor pixels = Tensor.of(GoldenFill.input(name + ".x", 1, shape(inputs.get("x"))));
      Tensor logits = Tensor.of(GoldenFill.input(name + ".logits", 3, shape(inputs.get("logits"))));
      Mixing mixing = reversed((int) pixels.size(0), file.at("/parameters/lam").asDouble(1));
      Tensor mixed;
      double share;
      if (name.equals("mixup")) {
        mixed = mixing.inputs(NamedTensors.of("pixels", pixels)).get("pixels");
        share = mixing.lambda();
      } else {
        Mixing.Box box = box(file.at("/parameters/box"));
        mixed = Mixing.paste(pixels, pixels.flip(0), box);
        share = box.shareLeft(pixels.size(2), pixels.size(3));
        comparison.number("lambda", expected.get("lam_corrected").asDouble(), share);
      }
      comparison.tensor("mixed_input", expected.get("mixed_input"), mixed.toHost());

      NamedTensors targets = NamedTensors.of("labels", labels(inputs.at("/target/values")));
      int classes = (int) logits.size(1);
      Tensor soft = mixing.targets(targets, classes, share).get("probabilities");
      double smoothing = file.at("/parameters/smoothing").asDouble(0);
      comparison.tensor(
          "soft_target",
          expected.get("soft_target"),
          soft.mul(1 - smoothing).add(smoothing / classes).toHost());

      logits.setRequiresGrad(true);
      Tensor loss = Nn.crossEntropy(logits, soft, smoothing);
      loss.backward();
      comparison.number("loss", expected.get("loss").asDouble(), loss.item());
      comparison.tensor(
          "gradient", expected.at("/gradient_of_loss/logits"), logits.grad().toHost());
    }
    return comparison.outcome();
  }

  /** Each row with the row at the same distance from the other end. */
  private static Mixing reversed(int rows, double lambda) {
    int[] partner = IntStream.range(0, rows).map(i -> rows - 1 - i).toArray();
    return new Mixing(partner, lambda, false, 0, 0);
  }

  private static Mixing.Box box(JsonNode ends) {
    return new Mixing.Box(
        ends.get(0).asLong(), ends.get(1).asLong(), ends.get(2).asLong(), ends.get(3).asLong());
  }

  private static Tensor labels(JsonNode values) {
    long[] labels = new long[values.size()];
    Arrays.setAll(labels, i -> values.get(i).asLong());
    return Tensor.of(labels, labels.length);
  }

  private static long[] shape(JsonNode tensor) {
    return Comparison.shape(tensor.get("shape"));
  }

  /** The file speaks of a picture of 32 x 32. */
  private static GoldenOutcome boxes(JsonNode boxes) {
    Comparison comparison = new Comparison(0);
    for (JsonNode given : boxes) {
      Mixing.Box box =
          Mixing.Box.around(
              given.get("cy").asLong(),
              given.get("cx").asLong(),
              given.get("lam").asDouble(),
              32,
              32);
      comparison.tensor(
          given.toString(),
          given.get("box_yl_yh_xl_xh"),
          new double[] {box.top(), box.bottom(), box.left(), box.right()});
    }
    return comparison.outcome();
  }
}
