package dev.graft.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class LibTorchExceptionTest {

  @Test
  void theFirstLineIsTheMessage() {
    try (Scope scope = Scope.open()) {
      RuntimeException raw =
          assertThrows(RuntimeException.class, () -> Tensor.ones(2, 3).matmul(Tensor.ones(4, 5)));
      RuntimeException readable = LibTorchException.readable(raw);
      assertEquals(
          "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)", readable.getMessage());
      assertEquals(LibTorchException.class, readable.getClass());
      assertSame(raw, readable.getCause());
    }
  }

  @Test
  void memoryErrorsHaveATypeOfTheirOwn() {
    for (String line :
        new String[] {
          "CUDA out of memory. Tried to allocate 2.00 GiB",
          "[enforce fail at alloc_cpu.cpp:1] DefaultCPUAllocator: can't allocate memory: you tried",
          "std::bad_alloc"
        }) {
      RuntimeException thrown = new RuntimeException(line + "\nException raised from x");
      assertEquals(
          OutOfNativeMemoryException.class, LibTorchException.readable(thrown).getClass(), line);
    }
  }

  @Test
  void otherExceptionsPassUnchanged() {
    for (RuntimeException other :
        new RuntimeException[] {
          new IllegalStateException("mine"), new RuntimeException("mine"), new RuntimeException()
        }) {
      assertSame(other, LibTorchException.readable(other));
    }
  }
}
