package dev.graft.layers;

import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;

/** Layer normalisation over the last dimension: (…, D) to (…, D). */
public final class LayerNorm extends Layer {

  private final long size;
  private final double eps;
  private final Tensor weight;
  private final Tensor bias;

  /** A normalisation of {@code size} features. */
  public LayerNorm(long size, double eps) {
    this.size = size;
    this.eps = eps;
    weight = parameter("weight", ParameterKind.NORM_WEIGHT, Tensor.ones(size));
    bias = parameter("bias", ParameterKind.NORM_BIAS, Tensor.zeros(size));
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Nn.layerNorm(x, new long[] {size}, weight, bias, eps);
  }
}
