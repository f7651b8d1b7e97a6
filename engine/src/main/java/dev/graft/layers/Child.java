package dev.graft.layers;

import dev.graft.tensor.Tensor;

/**
 * The place of a child in its parent. Parents call their children through it, so that surgery (a
 * new head, an adapter around a layer) takes effect without the parent knowing.
 */
public final class Child {

  private Layer layer;

  Child(Layer layer) {
    this.layer = layer;
  }

  /** What stands here now. */
  public Layer layer() {
    return layer;
  }

  /** Puts another layer here; the old one is not closed, since a wrapper usually keeps it. */
  public void replace(Layer other) {
    other.setTraining(layer.training());
    layer = other;
  }

  /** Calls what stands here. */
  public Tensor apply(Tensor x) {
    return layer.apply(x);
  }
}
