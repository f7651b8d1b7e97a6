package dev.graft.layers;

import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;

/** {@code y = x W^T + b}: (…, in) to (…, out). */
public final class Linear extends Layer implements LinearMap {

  private final Tensor weight;
  private final Tensor bias;

  /** A layer with random weights, with or without bias. */
  public Linear(long in, long out, boolean withBias) {
    weight = parameter("weight", ParameterKind.WEIGHT, Initial.fanIn(in, out, in));
    bias = withBias ? parameter("bias", ParameterKind.BIAS, Initial.fanIn(in, out)) : null;
  }

  /** A layer with random weights and a bias. */
  public Linear(long in, long out) {
    this(in, out, true);
  }

  /** Weight, (out, in). */
  @Override
  public Tensor weight() {
    return weight;
  }

  /** Bias, (out), or null. */
  @Override
  public Tensor bias() {
    return bias;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Nn.linear(x, weight, bias);
  }
}
