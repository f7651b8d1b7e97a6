package dev.graft.text.block;

import dev.graft.layers.Child;
import dev.graft.layers.Layer;
import dev.graft.layers.ParameterKind;
import dev.graft.tensor.Tensor;

/**
 * Children under names with or without dots, as published weights have them. Called as a layer, it
 * applies them one after another; most containers are only looked into by what surrounds them.
 */
public class Container extends Layer {

  /** Puts a layer below this one; what lies on the way is made as needed. */
  public final Child place(String path, Layer layer) {
    int dot = path.indexOf('.');
    if (dot < 0) {
      return child(path, layer);
    }
    return container(path.substring(0, dot)).place(path.substring(dot + 1), layer);
  }

  /** The container of a name with or without dots, made if there is none. */
  public final Container container(String path) {
    int dot = path.indexOf('.');
    String first = dot < 0 ? path : path.substring(0, dot);
    Child present = children().get(first);
    Layer layer = (present == null ? child(first, new Container()) : present).layer();
    if (!(layer instanceof Container container)) {
      throw new IllegalArgumentException("'%s' holds no children of its own".formatted(first));
    }
    return dot < 0 ? container : container.container(path.substring(dot + 1));
  }

  /** Forgets a layer of a path with or without dots and gives it to the caller. */
  public final Layer forget(String path) {
    int dot = path.lastIndexOf('.');
    return dot < 0
        ? dropChild(path)
        : container(path.substring(0, dot)).forget(path.substring(dot + 1));
  }

  /** A parameter that what surrounds this container reads. */
  public final Tensor own(String name, ParameterKind kind, Tensor initial) {
    return parameter(name, kind, initial);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return chain(children().values(), x);
  }
}
