package dev.graft.layers;

import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;

/**
 * Some rows of a linear map that another layer holds, such as those for the queries in a joint
 * projection: (…, in) to (…, rows). It has no parameters of its own; what is written into its
 * weight is written into the other layer's.
 */
public final class LinearRows extends Layer implements LinearMap {

  private final Tensor weight;
  private final Tensor bias;
  private final long from;
  private final long rows;

  /**
   * A part of a map.
   *
   * @param weight (out, in), not owned
   * @param bias (out), not owned, or null
   * @param from first of the rows
   * @param rows number of rows
   */
  public LinearRows(Tensor weight, Tensor bias, long from, long rows) {
    this.weight = weight;
    this.bias = bias;
    this.from = from;
    this.rows = rows;
  }

  /** A view of the rows, (rows, in), in the current scope. */
  @Override
  public Tensor weight() {
    return weight.narrow(0, from, rows);
  }

  /** A view of their bias, (rows), in the current scope; or null. */
  @Override
  public Tensor bias() {
    return bias == null ? null : bias.narrow(0, from, rows);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Nn.linear(x, weight(), bias());
  }
}
