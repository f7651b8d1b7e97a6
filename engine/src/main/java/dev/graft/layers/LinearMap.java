package dev.graft.layers;

import dev.graft.tensor.Tensor;

/**
 * A layer that computes {@code y = x W^T + b}, however it keeps W: as (out, in), as (in, out), as
 * rows of another layer's. Adapters are written against this view.
 */
public interface LinearMap {

  /**
   * W, (out, in): the tensor itself, or a view of it in the current scope. What is written into it
   * is written into the layer.
   */
  Tensor weight();

  /** b, (out), the same way; or null. */
  Tensor bias();
}
