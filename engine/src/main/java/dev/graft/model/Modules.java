package dev.graft.model;

import dev.graft.layers.Child;
import dev.graft.layers.Module;

/** Looks modules up by path. */
public final class Modules {

  private Modules() {}

  /**
   * The place of a module below a root.
   *
   * @throws IllegalArgumentException if the path leads nowhere; the message says where it ends and
   *     what exists there
   */
  public static Child child(Module root, String path) {
    Module at = root;
    Child child = null;
    for (String name : path.split("\\.")) {
      child = at.children().get(name);
      if (child == null) {
        throw new IllegalArgumentException(
            "no module '%s': '%s' is not among %s".formatted(path, name, at.children().keySet()));
      }
      at = child.layer();
    }
    return child;
  }
}
