package dev.graft.text.vectors;

import dev.graft.layers.Layer;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;

/**
 * Dropout that drops the same features at all positions of a text (Gal and Ghahramani 2016): (N, L,
 * D) to (N, L, D).
 */
final class LockedDropout extends Layer {

  private final double p;

  /** Drops with probability {@code p}, 0 ≤ p &lt; 1. */
  LockedDropout(double p) {
    this.p = p;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return training() ? x.mul(Nn.dropout(Tensor.ones(x.size(0), 1, x.size(2)), p, true)) : x;
  }
}
