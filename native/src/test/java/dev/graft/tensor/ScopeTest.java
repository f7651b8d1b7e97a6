package dev.graft.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScopeTest {

  private NativeMemory.Usage before;

  @BeforeEach
  void read() {
    before = NativeMemory.usage();
  }

  @AfterEach
  void nothingIsLeft() {
    assertEquals(before.tensors(), NativeMemory.usage().tensors());
    assertEquals(before.live(), NativeMemory.usage().live());
  }

  @Test
  void keepHandsATensorOutThroughEveryLevel() {
    Tensor kept;
    try (Scope outer = Scope.open()) {
      try (Scope middle = Scope.open()) {
        try (Scope inner = Scope.open()) {
          kept = inner.keep(Tensor.ones(3).mul(2));
          assertSame(middle, kept.scope());
        }
        middle.keep(kept);
      }
      assertSame(outer, kept.scope());
      assertEquals(6, kept.sum().item());
      outer.keep(kept);
    }
    assertEquals(2, kept.toFloats()[0]);
    kept.close();
  }

  @Test
  void keepLeavesAloneWhatIsNotItsOwn() {
    try (Scope outer = Scope.open()) {
      Tensor mine = Tensor.ones(1);
      try (Scope inner = Scope.open()) {
        assertSame(mine, inner.keep(mine));
      }
      assertSame(outer, mine.scope());
      Scope.release(mine);
      assertSame(mine, Scope.release(mine));
      assertSame(mine, outer.keep(mine));
      mine.close();
    }
  }

  @Test
  void aReleasedTensorOutlivesAllScopes() {
    Tensor released;
    try (Scope outer = Scope.open();
        Scope inner = Scope.open()) {
      released = Scope.release(Tensor.ones(4));
    }
    assertEquals(4, released.toFloats().length);
    released.close();
    released.close();
    assertThrows(IllegalStateException.class, released::shape);
  }

  @Test
  void closingTwiceIsHarmless() {
    Scope scope = Scope.open();
    Tensor tensor = Tensor.ones(1);
    tensor.close();
    tensor.close();
    scope.close();
    scope.close();
    assertEquals("closed tensor", tensor.toString());
  }

  @Test
  void aTensorUsedAfterItsScopeSaysWhatToDo() {
    Tensor tensor;
    try (Scope scope = Scope.open()) {
      tensor = Tensor.ones(1);
    }
    IllegalStateException thrown = assertThrows(IllegalStateException.class, () -> tensor.add(1));
    assertTrue(thrown.getMessage().contains("Scope.keep"), thrown.getMessage());
  }

  @Test
  void anExceptionInsideFreesEverything() {
    assertThrows(
        RuntimeException.class,
        () -> {
          try (Scope outer = Scope.open();
              Scope inner = Scope.open()) {
            Tensor sum = Tensor.ones(2, 3).matmul(Tensor.ones(2, 3));
            throw new AssertionError(sum);
          }
        });
  }

  @Test
  void scopesCloseInReverseOrder() {
    Scope outer = Scope.open();
    Scope inner = Scope.open();
    assertThrows(IllegalStateException.class, outer::close);
    inner.close();
    outer.close();
  }

  @Test
  void anotherThreadIsRefused() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try (Scope scope = Scope.open()) {
      Tensor tensor = Tensor.ones(1);
      List<Runnable> wrong =
          List.of(
              scope::close, tensor::close, () -> scope.keep(tensor), () -> Scope.release(tensor));
      for (Runnable action : wrong) {
        Future<?> result =
            other.submit(() -> assertThrows(IllegalStateException.class, action::run));
        assertTrue(result.get() instanceof IllegalStateException);
      }
      assertEquals(1, tensor.item());
    } finally {
      other.shutdown();
      assertTrue(other.awaitTermination(1, TimeUnit.MINUTES));
    }
  }

  @Test
  void threadsHaveScopesOfTheirOwn() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try (Scope scope = Scope.open()) {
      Tensor mine = Tensor.ones(2);
      Future<Double> theirs =
          other.submit(
              () -> {
                try (Scope inner = Scope.open()) {
                  return mine.add(1).sum().item();
                }
              });
      assertEquals(4, theirs.get());
      assertEquals(2, mine.sum().item());
    } finally {
      other.shutdown();
    }
  }

  @Test
  void scopesOfTheBindingsDoNotFreeOurTensors() {
    try (Scope scope = Scope.open()) {
      Tensor tensor;
      try (PointerScope theirs = new PointerScope()) {
        tensor = Tensor.wrap(torch.ones(3));
      }
      assertEquals(3, tensor.sum().item());
    }
  }

  @Test
  void aReferenceFromTheBindingsBecomesAHandleOfItsOwn() {
    try (Scope scope = Scope.open()) {
      Tensor leaf = Tensor.ones(2);
      leaf.setRequiresGrad(true);
      leaf.mul(3).sum().backward();
      Tensor gradient = Tensor.wrap(leaf.unwrap().grad());
      leaf.clearGrad();
      leaf.close();
      assertArrayEquals(new float[] {3, 3}, gradient.toFloats());
    }
  }

  @Test
  void gradientGraphsGoWithTheirTensors() {
    try (Scope scope = Scope.open()) {
      Tensor leaf = Tensor.ones(1000);
      leaf.setRequiresGrad(true);
      long live = NativeMemory.usage().live();
      try (Scope step = Scope.open()) {
        Tensor loss = leaf.exp().mul(leaf).sum();
        assertTrue(NativeMemory.usage().live() > live + 7000);
        loss.backward();
      }
      assertEquals(live, NativeMemory.usage().live());
      assertTrue(leaf.hasGrad());
      leaf.clearGrad();
      assertFalse(leaf.hasGrad());
    }
  }
}
