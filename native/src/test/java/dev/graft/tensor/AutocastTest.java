package dev.graft.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AutocastTest {

  @Test
  void productsAreNarrowInsideAndWideOutside() {
    try (Scope scope = Scope.open()) {
      Tensor a = Tensor.rand(4, 4);
      try (Autocast cast = Autocast.bfloat16(Device.CPU)) {
        assertEquals(DType.BFLOAT16, a.matmul(a).dtype());
        try (Autocast off = Autocast.off()) {
          assertEquals(DType.FLOAT32, a.matmul(a).dtype());
        }
        assertEquals(DType.BFLOAT16, a.matmul(a).dtype());
        cast.close();
        assertEquals(DType.FLOAT32, a.matmul(a).dtype());
      }
      assertEquals(DType.FLOAT32, a.matmul(a).dtype());
    }
  }

  @Test
  void gradientsComeBackInTheTypeOfTheParameter() {
    try (Scope scope = Scope.open()) {
      RandomState.seed(1);
      Tensor weight = Tensor.rand(3, 8);
      weight.setRequiresGrad(true);
      Tensor x = Tensor.rand(5, 8);
      Tensor loss;
      try (Autocast cast = Autocast.bfloat16(Device.CPU)) {
        loss = Nn.linear(x, weight, null).to(DType.FLOAT32).sum();
      }
      loss.backward();
      assertEquals(DType.FLOAT32, weight.grad().dtype());
      float[] exact = x.sum(false, 0).toFloats();
      // Eight bits of mantissa, five terms.
      assertArrayEquals(exact, weight.grad().select(0, 0).toFloats(), 5 * 0x1p-8f);
    }
  }

  /** The memory of casts must not outlive the guard, or a changed parameter has no effect. */
  @Test
  void aChangedParameterIsSeenByTheNextGuard() {
    try (Scope scope = Scope.open()) {
      Tensor weight = Tensor.ones(1, 1);
      weight.setRequiresGrad(true);
      Tensor x = Tensor.ones(1, 1);
      for (int value = 1; value < 3; value++) {
        try (Autograd off = Autograd.off()) {
          weight.fillInPlace(value);
        }
        try (Autocast cast = Autocast.bfloat16(Device.CPU)) {
          assertEquals(value, Nn.linear(x, weight, null).item());
        }
      }
    }
  }

  @Test
  void attentionOfNarrowTensorsIsComputedWide() {
    try (Scope scope = Scope.open()) {
      RandomState.seed(2);
      Tensor q = Tensor.randn(2, 2, 6, 4).to(DType.BFLOAT16);
      Tensor k = Tensor.randn(2, 2, 6, 4).to(DType.BFLOAT16);
      Tensor v = Tensor.randn(2, 2, 6, 4).to(DType.BFLOAT16);
      Tensor mask = Tensor.randn(1, 1, 6, 6).to(DType.BFLOAT16);
      Tensor wide =
          Nn.attention(
              q.to(DType.FLOAT32),
              k.to(DType.FLOAT32),
              v.to(DType.FLOAT32),
              mask.to(DType.FLOAT32),
              false,
              0,
              Double.NaN);
      Tensor expected = wide.to(DType.BFLOAT16);
      Tensor plain = Nn.attention(q, k, v, mask, false, 0, Double.NaN);
      assertEquals(DType.BFLOAT16, plain.dtype());
      assertArrayEquals(expected.toFloats(), plain.toFloats());
      try (Autocast cast = Autocast.bfloat16(Device.CPU)) {
        assertArrayEquals(
            expected.toFloats(), Nn.attention(q, k, v, mask, false, 0, Double.NaN).toFloats());
      }
    }
  }

  @Test
  void anotherThreadCannotCloseTheGuard() throws InterruptedException {
    try (Autocast cast = Autocast.bfloat16(Device.CPU);
        Autograd off = Autograd.off()) {
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      for (AutoCloseable guard : new AutoCloseable[] {cast, off}) {
        Thread other = new Thread(() -> thrown.set(assertThrows(Exception.class, guard::close)));
        other.start();
        other.join();
        assertTrue(thrown.getAndSet(null) instanceof IllegalStateException);
      }
    }
  }
}
