package dev.graft.tensor;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import org.bytedeco.pytorch.Context;

/**
 * Treats denormal floats (magnitudes below 1.2e-38) as zero until closed, on this thread and on the
 * threads LibTorch computes with for it: {@code try (var flush = Denormals.flushed()) { … }}.
 *
 * <p>Vanishing gradients and activations become denormal, and a processor may take a hundred times
 * as long for those. Java's own arithmetic on this thread flushes as well while the guard is open,
 * so open it around a training loop, not around an application. Without the C++ kernels only this
 * thread is switched. Guards nest.
 */
public final class Denormals implements AutoCloseable {

  /** Half of it is denormal, and zero where those are flushed; volatile, or the compiler knows. */
  private static volatile float normal = Float.MIN_NORMAL;

  private final Thread owner = Thread.currentThread();
  private final boolean before;

  private Denormals() {
    before = set(true);
  }

  /** Flushes until closed. */
  public static Denormals flushed() {
    Runtime.start();
    return new Denormals();
  }

  @CanIgnoreReturnValue
  private static boolean set(boolean on) {
    if (Runtime.hasKernels()) {
      return Kernels.flushDenormals(on);
    }
    boolean before = normal * 0.5f == 0;
    if (!Context.setFlushDenormal(on)) {
      throw new IllegalStateException("this processor cannot flush denormals; leave the guard out");
    }
    return before;
  }

  /** Restores what was before. */
  @Override
  public void close() {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "denormals flushed on thread '%s' and restored on '%s'; the mode is per thread"
              .formatted(owner.getName(), Thread.currentThread().getName()));
    }
    set(before);
  }
}
