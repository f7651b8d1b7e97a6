package dev.graft.text.block;

import dev.graft.layers.Child;
import dev.graft.tensor.Tensor;

/** A layer over sequences that reads what stands in a {@link Pass}: (N, L, D) to (N, L, D). */
public abstract class SequenceLayer extends Container {

  /** The computation; callers use {@link #apply(Tensor, Pass)}. */
  protected abstract Tensor forward(Tensor x, Pass pass);

  @Override
  protected final Tensor forward(Tensor x) {
    return forward(x, Pass.PLAIN);
  }

  /** Computes the output and shows it to the taps. */
  public final Tensor apply(Tensor x, Pass pass) {
    return announce(forward(x, pass));
  }

  /**
   * Calls what stands in a place.
   *
   * @throws IllegalStateException if something stands there that knows nothing of passes
   */
  public static Tensor apply(Child child, Tensor x, Pass pass) {
    if (child.layer() instanceof SequenceLayer layer) {
      return layer.apply(x, pass);
    }
    if (pass.equals(Pass.PLAIN)) {
      return child.apply(x);
    }
    throw new IllegalStateException(
        "a layer over sequences was replaced by %s, which knows nothing of padding"
            .formatted(child.layer().getClass().getSimpleName()));
  }
}
