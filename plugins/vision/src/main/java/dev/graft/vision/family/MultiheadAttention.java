package dev.graft.vision.family;

import dev.graft.layers.Attention;
import dev.graft.layers.Child;
import dev.graft.layers.Initial;
import dev.graft.layers.Layer;
import dev.graft.layers.Linear;
import dev.graft.layers.ParameterKind;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;

/**
 * Self-attention with the names of PyTorch's own module, whose joint projection is a pair of bare
 * parameters: (N, L, D) to (N, L, D).
 */
final class MultiheadAttention extends Layer {

  private final Attention.Size size;
  private final Tensor weight;
  private final Tensor bias;
  private final Child output;

  MultiheadAttention(Attention.Size size) {
    this.size = size;
    long features = size.features();
    weight =
        parameter(
            "in_proj_weight",
            ParameterKind.WEIGHT,
            Initial.fanIn(features, 3 * features, features));
    bias = parameter("in_proj_bias", ParameterKind.BIAS, Tensor.zeros(3 * features));
    output = child("out_proj", new Linear(features, features));
  }

  @Override
  protected Tensor forward(Tensor x) {
    double dropout = training() ? size.dropout() : 0;
    return output.apply(Attention.joint(Nn.linear(x, weight, bias), size.heads(), dropout));
  }
}
