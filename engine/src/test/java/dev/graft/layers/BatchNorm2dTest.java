package dev.graft.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import org.junit.jupiter.api.Test;

class BatchNorm2dTest {

  /** Two examples of one channel: mean 2, unbiased variance 2. */
  private static final float[] VALUES = {1, 3};

  @Test
  void trainingMovesTheStatisticsByMomentumAndCountsTheBatch() {
    try (Scope scope = Scope.open();
        BatchNorm2d norm = new BatchNorm2d(1)) {
      norm.setMomentum(0.5);
      norm.setTraining(true);
      Tensor y = norm.apply(Tensor.of(VALUES, 2, 1));
      assertArrayEquals(new float[] {-1, 1}, y.toFloats(), 1e-4f);
      assertArrayEquals(new float[] {1}, norm.buffers().get("running_mean").toFloats(), 1e-6f);
      assertArrayEquals(new float[] {1.5f}, norm.buffers().get("running_var").toFloats(), 1e-6f);
      assertEquals(1, norm.buffers().get("num_batches_tracked").toLongs()[0]);
    }
  }

  @Test
  void evaluationUsesTheStatisticsAndLeavesThem() {
    try (Scope scope = Scope.open();
        BatchNorm2d norm = new BatchNorm2d(1)) {
      Tensor y = norm.apply(Tensor.of(VALUES, 2, 1));
      assertArrayEquals(VALUES, y.toFloats(), 1e-4f);
      assertArrayEquals(new float[] {0}, norm.buffers().get("running_mean").toFloats());
      assertEquals(0, norm.buffers().get("num_batches_tracked").toLongs()[0]);
    }
  }
}
