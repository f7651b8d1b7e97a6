package dev.graft.layers;

import dev.graft.tensor.Tensor;
import java.util.Arrays;

/**
 * Stochastic depth (Huang et al. 2016): in training mode zeroes whole rows of a residual branch
 * with probability p and scales the others by 1 / (1 - p); otherwise the identity.
 */
public final class DropPath extends Layer {

  private final double p;

  /** Drops each row of the batch with probability {@code p}, 0 ≤ p &lt; 1. */
  public DropPath(double p) {
    this.p = p;
  }

  /** Probability of dropping. */
  public double p() {
    return p;
  }

  @Override
  protected Tensor forward(Tensor x) {
    if (!training() || p == 0) {
      return x;
    }
    long[] rows = new long[x.dim()];
    Arrays.fill(rows, 1);
    rows[0] = x.size(0);
    Tensor kept = Tensor.rand(rows).lt(1 - p).to(x.dtype()).to(x.device());
    return x.mul(kept.div(1 - p));
  }
}
