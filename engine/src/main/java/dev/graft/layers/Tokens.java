package dev.graft.layers;

import dev.graft.tensor.Tensor;

/**
 * A place where a sequence of vectors passes unchanged: (N, L, D) to (N, L, D). It has a name, so
 * that surgery can put something there: trained vectors in front of those that come through.
 */
public final class Tokens extends Layer {

  private final long features;

  /** A place for vectors of {@code features} numbers, D. */
  public Tokens(long features) {
    this.features = features;
  }

  /** D. */
  public long features() {
    return features;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return x;
  }
}
