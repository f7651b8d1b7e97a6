package dev.graft.layers;

import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;

/** In training mode zeroes elements with probability p; otherwise the identity. */
public final class Dropout extends Layer {

  private final double p;

  /** Drops with probability {@code p}, 0 ≤ p &lt; 1. */
  public Dropout(double p) {
    this.p = p;
  }

  /** Probability of dropping. */
  public double p() {
    return p;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Nn.dropout(x, p, training());
  }
}
