package dev.graft.vision.family;

import dev.graft.layers.Child;
import dev.graft.layers.Layer;
import java.util.Map;

/** Puts a layer somewhere under a path with dots, as published names have them. */
@FunctionalInterface
interface Places {

  /** Puts a layer there; what lies on the way is made as needed. */
  void place(String path, Layer layer);

  /** The same places, seen from below {@code prefix}. */
  default Places below(String prefix) {
    return (path, layer) -> place(prefix + "." + path, layer);
  }

  /**
   * Puts a layer below a module.
   *
   * @param children of the module
   * @param direct adds a child to the module
   */
  static void put(Map<String, Child> children, Places direct, String path, Layer layer) {
    int dot = path.indexOf('.');
    if (dot < 0) {
      direct.place(path, layer);
      return;
    }
    container(children, direct, path.substring(0, dot)).place(path.substring(dot + 1), layer);
  }

  /** The container below a module, made if there is none. */
  static Container container(Map<String, Child> children, Places direct, String name) {
    if (!children.containsKey(name)) {
      direct.place(name, new Container());
    }
    if (children.get(name).layer() instanceof Container container) {
      return container;
    }
    throw new IllegalArgumentException("'%s' holds no children of its own".formatted(name));
  }
}
