package dev.graft.layers;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.graft.tensor.Tensor;

/** Layers one after another, named by position or as given. */
public final class Sequential extends Layer {

  /** Layers named 0, 1, 2, … */
  public Sequential(Layer... layers) {
    for (Layer layer : layers) {
      add(layer);
    }
  }

  /** Appends a layer under the next number. */
  @CanIgnoreReturnValue
  public Sequential add(Layer layer) {
    return add(String.valueOf(children().size()), layer);
  }

  /** Appends a layer under a name. */
  @CanIgnoreReturnValue
  public Sequential add(String name, Layer layer) {
    child(name, layer);
    return this;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return chain(children().values(), x);
  }
}
