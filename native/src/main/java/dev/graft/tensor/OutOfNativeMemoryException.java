package dev.graft.tensor;

import java.io.Serial;

/**
 * Native memory ran out, or the soft limit of {@link NativeMemory} was reached.
 *
 * <p>Nothing is lost: close the scope, then try again with less, for example half the batch.
 */
public final class OutOfNativeMemoryException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  OutOfNativeMemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
