package dev.graft.text.block;

import dev.graft.layers.Layer;
import dev.graft.layers.ParameterKind;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;

/** Division by the root of the mean square (Zhang and Sennrich 2019): (…, D) to (…, D). */
public final class RmsNorm extends Layer {

  private final Tensor weight;
  private final double eps;

  /** A normalisation of {@code size} features. */
  public RmsNorm(long size, double eps) {
    this.weight = parameter("weight", ParameterKind.NORM_WEIGHT, Tensor.ones(size));
    this.eps = eps;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Nn.rmsNorm(x, weight, eps);
  }
}
