package dev.graft.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class TensorTest {

  @Test
  void valuesGoInAndComeBack() {
    try (Scope scope = Scope.open()) {
      Tensor t = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
      assertArrayEquals(new long[] {2, 3}, t.shape());
      assertEquals(21, t.sum().item());
      assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, t.transpose(0, 1).toFloats());
      assertEquals(t.toHost(), Tensor.of(t.toHost()).toHost());
    }
  }

  @Test
  void scopesFreeWhatTheyOwnAndKeepHandsOut() {
    long before = Scope.liveTensors();
    Tensor kept;
    try (Scope outer = Scope.open()) {
      Tensor passed;
      try (Scope inner = Scope.open()) {
        Tensor lost = Tensor.zeros(3);
        passed = inner.keep(lost.add(1));
        kept = Scope.release(lost.add(2));
        assertEquals(before + 3, Scope.liveTensors());
      }
      assertEquals(3, passed.sum().item());
    }
    assertEquals(before + 1, Scope.liveTensors());
    assertEquals(6, kept.toFloats()[0] + kept.toFloats()[1] + kept.toFloats()[2]);
    kept.close();
    assertEquals(before, Scope.liveTensors());
    assertThrows(IllegalStateException.class, kept::item);
  }

  @Test
  void gradientsFlowIntoLeaves() {
    try (Scope scope = Scope.open()) {
      Tensor w = Tensor.of(new float[] {1, -2}, 2);
      w.setRequiresGrad(true);
      assertFalse(w.hasGrad());
      w.mul(w).sum().backward();
      assertArrayEquals(new float[] {2, -4}, w.grad().toFloats());
      w.clearGrad();
      assertFalse(w.hasGrad());
      try (Autograd off = Autograd.off()) {
        assertFalse(w.mul(2).requiresGrad());
      }
      Tensor loss = w.mul(3).sum();
      assertArrayEquals(
          new float[] {3, 3}, Autograd.gradients(loss, List.of(w), false).get(0).toFloats());
    }
  }

  @Test
  void randomStateIsSavedAndRestored() {
    try (Scope scope = Scope.open()) {
      RandomState.seed(7);
      HostTensor state = RandomState.save();
      float[] first = Tensor.randn(5).toFloats();
      RandomState.restore(state);
      assertArrayEquals(first, Tensor.randn(5).toFloats());
    }
  }
}
