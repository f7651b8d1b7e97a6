package dev.graft.tensor;

import java.io.Serial;

/**
 * LibTorch refused an operation. The message is its first line; the C++ stack is in the cause.
 *
 * <p>Operations throw what the native bindings throw: a {@link RuntimeException} whose message is a
 * page long. Whoever shows errors to people, or wants to tell a lack of memory from a mistake,
 * passes what was caught through {@link #readable}.
 */
public final class LibTorchException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  private LibTorchException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * An exception for people in place of one from the native bindings.
   *
   * @return an {@link OutOfNativeMemoryException} where memory ran out, a {@code LibTorchException}
   *     for any other error of LibTorch, and the argument itself where it did not come from there
   */
  public static RuntimeException readable(RuntimeException thrown) {
    String text = thrown.getMessage();
    if (thrown.getClass() != RuntimeException.class || text == null) {
      return thrown;
    }
    String first = text.lines().findFirst().orElse("").strip();
    if (isOutOfMemory(first)) {
      return new OutOfNativeMemoryException(
          "%s; %s; use a smaller batch, close scopes earlier or give the process more memory"
              .formatted(first, NativeMemory.usage()),
          thrown);
    }
    boolean hasStack = text.contains("\nException raised from ") || text.contains("\nframe #0: ");
    return hasStack ? new LibTorchException(first, thrown) : thrown;
  }

  private static boolean isOutOfMemory(String line) {
    return line.contains("can't allocate memory")
        || line.contains("not enough memory: you tried to allocate")
        || line.contains("CUDA out of memory")
        || line.equals("std::bad_alloc");
  }
}
