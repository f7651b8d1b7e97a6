package dev.graft.layers;

import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.Collection;
import java.util.function.BiFunction;

/** A module that turns one tensor into one tensor. */
public abstract class Layer extends Module {

  /** The computation; callers use {@link #apply}. */
  protected abstract Tensor forward(Tensor x);

  /**
   * Computes the output and shows it to the taps that are set on this thread. Where there are none,
   * what a layer with children made on the way is freed at once: whoever wants an inner output
   * beyond the call listens for it.
   */
  public final Tensor apply(Tensor x) {
    if (children().isEmpty() || Taps.active()) {
      return announce(forward(x));
    }
    try (Scope scope = Scope.open()) {
      return scope.keep(forward(x));
    }
  }

  /** Applies layers one after another; without taps each result is freed when the next is there. */
  public static Tensor chain(Collection<Child> layers, Tensor x) {
    return chain(layers, Child::apply, x);
  }

  /** The same for steps that are no layers. */
  public static <S> Tensor chain(
      Collection<S> steps, BiFunction<? super S, Tensor, Tensor> step, Tensor x) {
    boolean free = !Taps.active();
    Tensor result = x;
    for (S each : steps) {
      Tensor next = step.apply(each, result);
      if (free && result != x && result != next) {
        result.close();
      }
      result = next;
    }
    return result;
  }

  /**
   * Shows a tensor to the taps as the output of this layer: for a container whose children a
   * network calls one by one, so that no call of its own does it.
   */
  public final Tensor announce(Tensor output) {
    return Taps.show(this, output);
  }
}
