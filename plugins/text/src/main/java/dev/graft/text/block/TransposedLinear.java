package dev.graft.text.block;

import dev.graft.layers.Initial;
import dev.graft.layers.Layer;
import dev.graft.layers.LinearMap;
import dev.graft.layers.ParameterKind;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;

/** {@code y = x W + b} with W as (in, out), the way GPT-2 publishes it: (…, in) to (…, out). */
public final class TransposedLinear extends Layer implements LinearMap {

  private final Tensor weight;
  private final Tensor bias;

  /** A layer with random weights. */
  public TransposedLinear(long in, long out) {
    weight = parameter("weight", ParameterKind.WEIGHT, Initial.normal(0.02, in, out));
    bias = parameter("bias", ParameterKind.BIAS, Tensor.zeros(out));
  }

  @Override
  public Tensor weight() {
    return weight.transpose(0, 1);
  }

  @Override
  public Tensor bias() {
    return bias;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Nn.linear(x, weight(), bias);
  }
}
