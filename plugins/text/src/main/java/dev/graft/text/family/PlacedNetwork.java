package dev.graft.text.family;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.graft.layers.Child;
import dev.graft.layers.Layer;
import dev.graft.model.Network;
import dev.graft.text.block.Container;

/** A network whose layers are put under the paths that their publishers gave them. */
abstract class PlacedNetwork extends Network {

  /** Puts a layer under a path; containers on the way are made as needed. */
  @CanIgnoreReturnValue
  final Child place(String path, Layer layer) {
    int dot = path.indexOf('.');
    return dot < 0
        ? child(path, layer)
        : container(path.substring(0, dot)).place(path.substring(dot + 1), layer);
  }

  /** The container of a path, made if there is none. */
  final Container container(String path) {
    int dot = path.indexOf('.');
    String first = dot < 0 ? path : path.substring(0, dot);
    Child present = children().get(first);
    Layer layer = (present == null ? child(first, new Container()) : present).layer();
    if (!(layer instanceof Container container)) {
      throw new IllegalArgumentException("'%s' holds no children of its own".formatted(first));
    }
    return dot < 0 ? container : container.container(path.substring(dot + 1));
  }
}
