package dev.graft.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

class NativeMemoryTest {

  @Test
  void memoryThatTensorsShareIsCountedOnce() {
    try (Scope scope = Scope.open()) {
      long start = NativeMemory.usage().live();
      Tensor whole = Tensor.zeros(1000);
      assertEquals(start + 4000, NativeMemory.usage().live());
      Tensor part = whole.narrow(0, 500, 10);
      Tensor turned = whole.reshape(10, 100);
      assertEquals(start + 4000, NativeMemory.usage().live());
      whole.close();
      turned.close();
      assertEquals(start + 4000, NativeMemory.usage().live());
      part.close();
      assertEquals(start, NativeMemory.usage().live());
      Tensor copy = Tensor.zeros(0).add(1);
      assertEquals(0, copy.count());
      assertEquals(start, NativeMemory.usage().live());
    }
  }

  @Test
  void aTensorThatTakesOnAnothersMemoryGivesItsOwnBack() {
    try (Scope scope = Scope.open()) {
      long start = NativeMemory.usage().live();
      Tensor own = Tensor.zeros(1000);
      Tensor other = Tensor.zeros(50);
      own.replaceData(other);
      assertEquals(start + 200, NativeMemory.usage().live());
      assertTrue(own.sharesMemoryWith(other));
      other.close();
      assertEquals(start + 200, NativeMemory.usage().live());
      own.close();
      assertEquals(start, NativeMemory.usage().live());
    }
  }

  @Test
  void thePeakStaysWhenMemoryGoes() {
    NativeMemory.resetPeak();
    long start = NativeMemory.usage().peak();
    try (Scope scope = Scope.open()) {
      Tensor.zeros(5000).close();
      Tensor.zeros(100).close();
    }
    assertEquals(start + 20_000, NativeMemory.usage().peak());
    NativeMemory.resetPeak();
    assertEquals(start, NativeMemory.usage().peak());
  }

  @Test
  void theProcessHoldsAtLeastTheTensors() {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "no /proc here");
    try (Scope scope = Scope.open()) {
      long start = NativeMemory.usage().resident();
      Tensor touched = Tensor.ones(16 << 20);
      assertTrue(NativeMemory.usage().resident() > start + touched.byteSize() / 2);
    }
  }

  @Test
  void theLimitRefusesBeforeAndAfterAllocation() {
    try (Scope scope = Scope.open()) {
      Tensor big = Tensor.zeros(10_000);
      NativeMemory.Usage before = NativeMemory.usage();
      NativeMemory.setLimit(before.live() + 50_000);
      try {
        Tensor fits = Tensor.zeros(10_000);
        OutOfNativeMemoryException known =
            assertThrows(OutOfNativeMemoryException.class, () -> Tensor.zeros(10_000));
        assertTrue(known.getMessage().contains("smaller batch"), known.getMessage());
        assertThrows(OutOfNativeMemoryException.class, () -> big.add(fits));
        fits.close();
        assertEquals(before.live(), NativeMemory.usage().live());
        assertEquals(before.tensors(), NativeMemory.usage().tensors());
        Tensor again = big.add(1);
        assertEquals(10_000, again.count());
      } finally {
        NativeMemory.setLimit(Long.MAX_VALUE);
      }
    }
    assertThrows(IllegalArgumentException.class, () -> NativeMemory.setLimit(0));
  }

  @Test
  void anImpossibleTensorIsOutOfMemoryToo() {
    OutOfNativeMemoryException thrown =
        assertThrows(OutOfNativeMemoryException.class, () -> Tensor.zeros(1L << 46));
    assertTrue(thrown.getMessage().contains("281474976710656 bytes"), thrown.getMessage());
    assertTrue(thrown.getMessage().lines().count() == 1, thrown.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Tensor.zeros(1L << 62, 16));
    assertThrows(IllegalArgumentException.class, () -> Tensor.zeros(-1));
  }

  @Test
  void sizesAreReadWithTheirUnits() {
    assertEquals(Long.MAX_VALUE, NativeMemory.parse(null));
    assertEquals(100_000, NativeMemory.parse("100000"));
    assertEquals(3L << 10, NativeMemory.parse("3k"));
    assertEquals(512L << 20, NativeMemory.parse("512M"));
    assertEquals(4L << 30, NativeMemory.parse("4g"));
    assertEquals(Long.MAX_VALUE, NativeMemory.parse("999999999999g"));
    for (String wrong : List.of("", "0", "-1", "4t", "g", "1.5g")) {
      assertThrows(IllegalStateException.class, () -> NativeMemory.parse(wrong), wrong);
    }
  }

  /** Ten thousand steps of everything that allocates on the way, with errors among them. */
  @Test
  void tenThousandScopesLeaveNothing() {
    int threads = Runtime.threads();
    Runtime.setThreads(1); // too small to share
    try (Scope model = Scope.open()) {
      Tensor weight = Tensor.rand(4, 3, 3, 3);
      Tensor bias = Tensor.zeros(4);
      Tensor matrix = Tensor.rand(4, 5);
      List<Tensor> parameters = List.of(weight, bias, matrix);
      parameters.forEach(p -> p.setRequiresGrad(true));
      for (int i = 0; i < 100; i++) {
        step(weight, bias, matrix, i);
      }
      NativeMemory.Usage start = NativeMemory.usage();
      long pointers = Pointer.totalCount();
      for (int i = 0; i < 10_000; i++) {
        step(weight, bias, matrix, i);
      }
      NativeMemory.Usage end = NativeMemory.usage();
      assertEquals(start.tensors(), end.tensors());
      assertEquals(start.live(), end.live());
      assertTrue(Pointer.totalCount() <= pointers, "pointers of the bindings");
    } finally {
      Runtime.setThreads(threads);
    }
  }

  private static void step(Tensor weight, Tensor bias, Tensor matrix, int i) {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.rand(2, 3, 5, 5);
      long[] one = {1, 1};
      Tensor y = Nn.relu(Nn.conv2d(x, weight, bias, one, one, one, 1));
      y = Nn.batchNorm(y, null, null, null, null, true, 0.1, 1e-5);
      Tensor pooled = inner(y);
      Tensor logits = Nn.linear(pooled, matrix.transpose(0, 1), null);
      Tensor loss = Nn.crossEntropy(logits, Tensor.of(new long[] {0, 1}, 2), 0.1);
      Tensor other = Tensor.stack(List.of(logits, logits.mul(2)), 0).topk(2).values().mean();
      if (i % 100 == 0) {
        assertThrows(RuntimeException.class, () -> logits.matmul(logits));
      }
      if (i % 2 == 0) {
        assertEquals(3, Autograd.gradients(loss, List.of(weight, bias, matrix), true).size());
      }
      loss.add(other).backward();
      try (Autograd off = Autograd.off()) {
        matrix.addInPlace(matrix.grad(), -1e-3);
      }
      weight.clearGrad();
      bias.clearGrad();
      matrix.clearGrad();
    }
  }

  private static Tensor inner(Tensor y) {
    try (Scope scope = Scope.open()) {
      Tensor unused = Scope.release(y.exp());
      unused.close();
      return scope.keep(Nn.adaptiveAvgPool2d(y, 1, 1).flatten(1));
    }
  }
}
