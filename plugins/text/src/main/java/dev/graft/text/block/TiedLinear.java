package dev.graft.text.block;

import dev.graft.layers.Embedding;
import dev.graft.layers.Layer;
import dev.graft.layers.Tied;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import java.util.List;

/**
 * The table of an embedding, read the other way: (…, D) to (…, V), scaled, with or without bias.
 */
public final class TiedLinear extends Layer implements Tied {

  private final Embedding table;
  private final double scale;
  private final Tensor bias;

  /**
   * A layer without parameters of its own.
   *
   * @param scale by which the input is multiplied
   * @param bias (V), another module's; null for none
   */
  public TiedLinear(Embedding table, double scale, Tensor bias) {
    this.table = table;
    this.scale = scale;
    this.bias = bias;
  }

  @Override
  public List<Tensor> tied() {
    return List.of(table.weight());
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Nn.linear(scale == 1 ? x : x.mul(scale), table.weight(), bias);
  }
}
