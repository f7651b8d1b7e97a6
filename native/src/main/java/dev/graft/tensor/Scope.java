package dev.graft.tensor;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.PointerScope;

/**
 * Owns every tensor made on this thread between {@link #open()} and {@link #close()}.
 *
 * <p>Scopes nest. The trainer opens one per step, the predictor one per call. What must outlive a
 * scope is handed out on purpose with {@link #keep}: it then belongs to the enclosing scope, or,
 * where there is none, to the caller, who closes it. A scope belongs to the thread that opened it.
 */
public final class Scope implements AutoCloseable {

  private static final ThreadLocal<Scope> CURRENT = new ThreadLocal<>();
  private static final AtomicLong LIVE = new AtomicLong();

  private final Thread owner = Thread.currentThread();
  private final Scope parent = CURRENT.get();

  /** For what the bindings allocate on the way: scalars, options, tuples. Never for tensors. */
  private final PointerScope pointers;

  private ArrayList<Tensor> tensors = new ArrayList<>();

  private Scope() {
    Runtime.start();
    this.pointers = new PointerScope();
  }

  /** Opens a scope on this thread. */
  public static Scope open() {
    Scope scope = new Scope();
    CURRENT.set(scope);
    return scope;
  }

  /** Tensors alive in this process, on all threads, in scopes and outside of them. */
  public static long liveTensors() {
    return LIVE.get();
  }

  /**
   * Hands a tensor of this scope to the enclosing scope, or to the caller where there is none.
   *
   * @return the same tensor
   */
  @CanIgnoreReturnValue
  public Tensor keep(Tensor tensor) {
    check();
    if (tensor.scope() == this) {
      move(tensor, parent);
    }
    return tensor;
  }

  /**
   * Takes a tensor out of the scope it is in, whichever that is: from now on the caller closes it.
   * For what lives as long as a model or an optimizer.
   *
   * @return the same tensor
   */
  @CanIgnoreReturnValue
  public static Tensor release(Tensor tensor) {
    Scope scope = tensor.scope();
    if (scope != null) {
      scope.check();
      scope.move(tensor, null);
    }
    return tensor;
  }

  private void move(Tensor tensor, Scope to) {
    if (to != null) {
      to.tensors.add(tensor);
    }
    tensor.moveTo(to);
  }

  /** Enters a new tensor in the books; returns the scope that owns it, or null. */
  static Scope adopt(Tensor tensor) {
    LIVE.incrementAndGet();
    Scope scope = CURRENT.get();
    if (scope != null) {
      scope.tensors.add(tensor);
    }
    return scope;
  }

  static void closed() {
    LIVE.decrementAndGet();
  }

  void check() {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "scope of thread '%s' used on thread '%s'; tensors do not change threads, pass a"
                  .formatted(owner.getName(), Thread.currentThread().getName())
              + " HostTensor instead");
    }
  }

  /** Frees every tensor that is still in this scope. */
  @Override
  public void close() {
    check();
    if (tensors == null) {
      return;
    }
    if (CURRENT.get() != this) {
      throw new IllegalStateException("scopes close in the reverse order of opening");
    }
    CURRENT.set(parent);
    for (Tensor tensor : tensors) {
      if (tensor.scope() == this) {
        tensor.free();
      }
    }
    tensors = null;
    pointers.close();
    if (parent == null) {
      CURRENT.remove();
    }
  }
}
