package dev.graft.layers;

import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;

/** A table of vectors picked by index: (…) INT64 to (…, D). */
public final class Embedding extends Layer {

  private final Tensor weight;

  /** {@code count} random vectors of {@code size} features. */
  public Embedding(long count, long size) {
    weight = parameter("weight", ParameterKind.EMBEDDING, Initial.normal(1, count, size));
  }

  /** The table, (count, D). */
  public Tensor weight() {
    return weight;
  }

  @Override
  protected Tensor forward(Tensor indices) {
    return Nn.embedding(weight, indices);
  }
}
