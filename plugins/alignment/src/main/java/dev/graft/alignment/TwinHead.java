package dev.graft.alignment;

import dev.graft.layers.Layer;
import dev.graft.layers.Linear;
import dev.graft.layers.ParameterKind;
import dev.graft.layers.Taps;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;

/**
 * A linear head with a twin: (N, D) to (N, K). It answers for itself; the twin, its child {@code
 * twin}, is computed only while somebody listens.
 */
final class TwinHead extends Layer {

  private final Tensor weight;
  private final Tensor bias;
  private final Linear twin;

  /** A copy of a head with a bias, and a twin with random weights. */
  TwinHead(Linear head) {
    weight = parameter("weight", ParameterKind.WEIGHT, head.weight().copy());
    bias = parameter("bias", ParameterKind.BIAS, head.bias().copy());
    twin = new Linear(weight.size(1), weight.size(0));
    child("twin", twin);
  }

  @Override
  protected Tensor forward(Tensor x) {
    if (Taps.active()) {
      Tensor shown = twin.apply(x);
      if (shown.size(0) != x.size(0)) {
        throw new IllegalStateException("a tap changed the shape of the twin's output");
      }
    }
    return Nn.linear(x, weight, bias);
  }
}
