package dev.graft.text.block;

import dev.graft.layers.Layer;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;

/**
 * A table of vectors that is computed and never trained, saved as published: sines and cosines of
 * positions (Vaswani et al. 2017). (…) INT64 to (…, D).
 */
public final class FixedEmbedding extends Layer {

  private final Tensor weight;

  private FixedEmbedding(Tensor weight) {
    this.weight = buffer("weight", weight);
  }

  /**
   * Positions 0, 1, …: the first half of a vector are sines, the second half cosines of the same
   * angles, whose frequencies fall from 1 to 1 / 10000.
   *
   * @param size D, even
   */
  public static FixedEmbedding sinusoids(int count, int size) {
    if (size % 2 != 0) {
      throw new IllegalArgumentException(
          "%d features cannot be halved into sines and cosines; give an even number"
              .formatted(size));
    }
    int half = size / 2;
    float[] values = new float[count * size];
    for (int position = 0; position < count; position++) {
      for (int i = 0; i < half; i++) {
        double angle = position / Math.pow(10_000, 2.0 * i / size);
        values[position * size + i] = (float) Math.sin(angle);
        values[position * size + half + i] = (float) Math.cos(angle);
      }
    }
    return new FixedEmbedding(Tensor.of(values, count, size));
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
