package dev.graft.vision.augment;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.golden.Comparison;
import dev.graft.testkit.golden.GoldenCase;
import dev.graft.testkit.golden.GoldenFill;
import dev.graft.testkit.golden.GoldenFolder;
import dev.graft.testkit.golden.GoldenOutcome;
import dev.graft.vision.augment.BatchMixing.Cut;
import dev.graft.vision.augment.BatchMixing.Mixed;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The files on mixup and cutmix among the losses; the others are checked elsewhere. */
class MixingGoldenTest {

  @TestFactory
  Stream<DynamicTest> losses() {
    return GoldenFolder.of("losses").tests(MixingGoldenTest::check);
  }

  private static GoldenOutcome check(GoldenCase golden) {
    JsonNode file = golden.json();
    String name = file.get("name").asText();
    if (name.equals("cutmix_rand_bbox_formula")) {
      return boxes(file.at("/expected/boxes"));
    }
    if (!name.equals("mixup") && !name.equals("cutmix")) {
      return GoldenOutcome.notBuilt(name + " is no way of mixing");
    }
    try (Scope scope = Scope.open()) {
      Comparison comparison = new Comparison(1e-5);
      JsonNode inputs = file.get("inputs");
      Tensor pixels = Tensor.of(GoldenFill.input(name + ".x", 1, shape(inputs.get("x"))));
      Tensor labels = labels(inputs.at("/target/values"));
      JsonNode expected = file.get("expected");
      Mixed mixed = mix(name, file.get("parameters"), pixels);
      comparison.tensor("mixed_input", expected.get("mixed_input"), mixed.pixels().toHost());
      if (expected.has("lam_corrected")) {
        comparison.number(
            "lam_corrected", expected.get("lam_corrected").asDouble(), mixed.lambda());
      }
      Tensor logits = Tensor.of(GoldenFill.input(name + ".logits", 3, shape(inputs.get("logits"))));
      logits.setRequiresGrad(true);
      double smoothing = file.at("/parameters/smoothing").asDouble(0);
      Tensor soft =
          BatchMixing.probabilities(labels, (int) logits.size(1), mixed.lambda(), smoothing);
      comparison.tensor("soft_target", expected.get("soft_target"), soft.toHost());
      Tensor loss = Nn.crossEntropy(logits, soft, 0);
      loss.backward();
      comparison.number("loss", expected.get("loss").asDouble(), loss.item());
      comparison.tensor(
          "gradient", expected.at("/gradient_of_loss/logits"), logits.grad().toHost());
      return comparison.outcome();
    }
  }

  private static Mixed mix(String name, JsonNode parameters, Tensor pixels) {
    if (name.equals("mixup")) {
      return BatchMixing.mixup(pixels, parameters.get("lam").asDouble());
    }
    JsonNode box = parameters.get("box");
    return BatchMixing.cutmix(
        pixels,
        new Cut(box.get(0).asInt(), box.get(1).asInt(), box.get(2).asInt(), box.get(3).asInt()));
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
    for (JsonNode box : boxes) {
      Cut cut =
          BatchMixing.cut(
              32, 32, box.get("lam").asDouble(), box.get("cy").asInt(), box.get("cx").asInt());
      comparison.tensor(
          "box " + box,
          box.get("box_yl_yh_xl_xh"),
          new double[] {cut.top(), cut.bottom(), cut.left(), cut.right()});
    }
    return comparison.outcome();
  }
}
