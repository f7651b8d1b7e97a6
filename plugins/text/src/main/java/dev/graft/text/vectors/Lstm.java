package dev.graft.text.vectors;

import dev.graft.layers.Initial;
import dev.graft.layers.Layer;
import dev.graft.layers.ParameterKind;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import java.util.List;

/**
 * A layer of long short-term memory that reads from left to right: (N, L, D) to (N, L, H). In
 * training mode weights between states are dropped, the same ones for all positions of a batch
 * (Merity et al. 2018). Names are those of PyTorch.
 */
final class Lstm extends Layer {

  private final Tensor inputs;
  private final Tensor states;
  private final Tensor inputBias;
  private final Tensor stateBias;
  private final double weightDrop;

  /**
   * A layer with random weights.
   *
   * @param in D
   * @param out H
   * @param weightDrop probability that a weight between states is dropped in training mode
   */
  Lstm(long in, long out, double weightDrop) {
    double bound = 1 / Math.sqrt((double) out);
    inputs = parameter("weight_ih_l0", ParameterKind.WEIGHT, Initial.uniform(bound, 4 * out, in));
    states = parameter("weight_hh_l0", ParameterKind.WEIGHT, Initial.uniform(bound, 4 * out, out));
    inputBias = parameter("bias_ih_l0", ParameterKind.BIAS, Tensor.zeros(4 * out));
    stateBias = parameter("bias_hh_l0", ParameterKind.BIAS, Tensor.zeros(4 * out));
    this.weightDrop = weightDrop;
  }

  @Override
  protected Tensor forward(Tensor x) {
    Tensor kept = Nn.dropout(states, weightDrop, training());
    return Nn.lstm(x, List.of(inputs, kept, inputBias, stateBias));
  }
}
