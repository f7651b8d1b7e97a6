package dev.graft.text.block;

import dev.graft.layers.Activation;
import dev.graft.layers.Child;
import dev.graft.layers.Dropout;
import dev.graft.layers.Layer;
import dev.graft.layers.Linear;
import dev.graft.tensor.Tensor;
import java.util.List;

/** {@code down(f(gate(x)) * up(x))} without biases (Shazeer 2020): (N, L, D) to (N, L, D). */
public final class GatedFeedForward extends Layer {

  private final Activation.Function function;
  private final Child gate;
  private final Child up;
  private final Child down;
  private final Child dropout;

  /**
   * A feed-forward with random weights.
   *
   * @param names of gate, up and down
   * @param features D
   * @param hidden features between
   */
  public GatedFeedForward(
      List<String> names, long features, long hidden, Activation.Function function, double drop) {
    this.function = function;
    gate = child(names.get(0), new Linear(features, hidden, false));
    up = child(names.get(1), new Linear(features, hidden, false));
    down = child(names.get(2), new Linear(hidden, features, false));
    dropout = child("dropout", new Dropout(drop));
  }

  @Override
  protected Tensor forward(Tensor x) {
    return down.apply(dropout.apply(function.apply(gate.apply(x)).mul(up.apply(x))));
  }
}
