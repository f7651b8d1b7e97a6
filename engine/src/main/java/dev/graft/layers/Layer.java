package dev.graft.layers;

import dev.graft.tensor.Tensor;

/** A module that turns one tensor into one tensor. */
public abstract class Layer extends Module {

  /** The computation; callers use {@link #apply}. */
  protected abstract Tensor forward(Tensor x);

  /** Computes the output and shows it to the taps that are set on this thread. */
  public final Tensor apply(Tensor x) {
    return announce(forward(x));
  }

  /**
   * Shows a tensor to the taps as the output of this layer: for a container whose children a
   * network calls one by one, so that no call of its own does it.
   */
  public final Tensor announce(Tensor output) {
    return Taps.show(this, output);
  }
}
