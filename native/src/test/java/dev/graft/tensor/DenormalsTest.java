package dev.graft.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class DenormalsTest {

  /** Enough elements for every thread of LibTorch to get some. */
  private static final long MANY = 1 << 20;

  @Test
  void denormalsAreZeroInsideTheGuardOnly() {
    assumeTrue(Runtime.hasKernels(), "no C++ kernels in this build");
    try (Scope scope = Scope.open()) {
      Tensor small = Tensor.full(1e-30, DType.FLOAT32, MANY);
      assertEquals(MANY, denormals(small));
      try (Denormals flush = Denormals.flushed()) {
        try (Denormals inner = Denormals.flushed()) {
          assertEquals(0, denormals(small));
        }
        assertEquals(0, denormals(small));
      }
      assertEquals(MANY, denormals(small));
    }
  }

  private static long denormals(Tensor small) {
    float[] tiny = small.mul(1e-10).toFloats();
    // Bits, not values: a comparison of floats would flush again.
    int count = 0;
    for (float value : tiny) {
      count += Float.floatToRawIntBits(value) != 0 ? 1 : 0;
    }
    return count;
  }

  @Test
  void theOptimiserStepLeavesTheModeAlone() {
    try (Scope scope = Scope.open()) {
      Tensor p = Tensor.ones(MANY);
      p.setGrad(Tensor.full(1e-25, DType.FLOAT32, MANY));
      UpdateRule rule = new UpdateRule.Adam(0.9, 0.999, 1e-8, true);
      Tensor mean = p.zerosLike();
      Tensor square = p.zerosLike();
      OptimizerStep.Entry entry = new OptimizerStep.Entry(p, List.of(mean, square), 1, 0.1, 0);
      assertTrue(OptimizerStep.apply(rule, List.of(entry), 1).applied());
      assertEquals(MANY, denormals(Tensor.full(1e-30, DType.FLOAT32, MANY)));
    }
  }
}
