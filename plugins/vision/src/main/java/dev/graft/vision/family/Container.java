package dev.graft.vision.family;

import dev.graft.layers.Layer;
import dev.graft.layers.ParameterKind;
import dev.graft.tensor.Tensor;

/**
 * Children one after another, under names with or without dots. It may hold parameters that the
 * network around it reads; then the network calls the children itself.
 */
final class Container extends Layer implements Places {

  @Override
  public void place(String path, Layer layer) {
    Places.put(children(), this::child, path, layer);
  }

  /** A parameter that the network reads. */
  Tensor own(String name, ParameterKind kind, Tensor initial) {
    return parameter(name, kind, initial);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return chain(children().values(), x);
  }
}
