package dev.graft.vision.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchMixingTest {

  @ParameterizedTest
  @ValueSource(doubles = {0, 1})
  void bothWaysMixPicturesAndLabelsAlike(double cutmixShare) {
    BatchMixing.Options options = new BatchMixing.Options(3, 1, cutmixShare, 0);
    try (Scope scope = Scope.open()) {
      Tensor pixels = Tensor.rand(4, 2, 6, 6);
      NamedTensors inputs = NamedTensors.of("pixels", pixels);
      NamedTensors targets = NamedTensors.of("labels", Tensor.of(new long[] {0, 1, 2, 1}, 4));
      List<NamedTensors> mixed =
          BatchMixing.apply(inputs, targets, options, new SplittableRandom(4));
      List<NamedTensors> again =
          BatchMixing.apply(inputs, targets, options, new SplittableRandom(4));
      float[] values = mixed.get(0).get("pixels").toFloats();
      assertArrayEquals(values, again.get(0).get("pixels").toFloats());
      assertFalse(Arrays.equals(pixels.toFloats(), values));
      float[] rows = mixed.get(1).get("probabilities").sum(false, 1).toFloats();
      assertArrayEquals(new float[] {1, 1, 1, 1}, rows, 1e-6f);
    }
  }

  @Test
  void weightOneChangesNothing() {
    try (Scope scope = Scope.open()) {
      Tensor pixels = Tensor.rand(4, 2, 6, 6);
      BatchMixing.Mixed mixup = BatchMixing.mixup(pixels, 1);
      assertArrayEquals(pixels.toFloats(), mixup.pixels().toFloats());
      BatchMixing.Mixed cutmix = BatchMixing.cutmix(pixels, BatchMixing.cut(6, 6, 1, 3, 3));
      assertArrayEquals(pixels.toFloats(), cutmix.pixels().toFloats());
      assertEquals(1, cutmix.lambda());
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.2, 1, 5})
  void weightsFollowTheBetaDistribution(double alpha) {
    SplittableRandom random = new SplittableRandom(3);
    int count = 20_000;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      double value = Beta.draw(alpha, random);
      assertTrue(value >= 0 && value <= 1, value + " at " + alpha);
      sum += value;
      squares += value * value;
    }
    double mean = sum / count;
    double variance = squares / count - mean * mean;
    assertEquals(0.5, mean, 0.02);
    assertEquals(1 / (4 * (2 * alpha + 1)), variance, 0.005);
  }

  @Test
  void whatIsOutOfRangeIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new BatchMixing.Options(1, 1, 0.5, 0));
    assertThrows(IllegalArgumentException.class, () -> new BatchMixing.Options(2, 0, 0.5, 0));
    assertThrows(IllegalArgumentException.class, () -> BatchMixing.cut(5, 5, 1.2, 0, 0));
  }
}
