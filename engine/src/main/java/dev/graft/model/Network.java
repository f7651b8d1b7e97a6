package dev.graft.model;

import dev.graft.layers.Layer;
import dev.graft.layers.Module;
import java.util.List;

/** The root module of a model: says how it is cut into groups and where its head is. */
public abstract class Network extends Module {

  /**
   * The groups from input to output; the last one is the head. The state that enters the head holds
   * the tensor {@code features}, (N, D) or (N, L, D).
   */
  public abstract List<Group> groups();

  /** Path of the module that is replaced for a new task, for example {@code fc}. */
  public abstract String headPath();

  /** D, the number of features that a new head reads. */
  public abstract long featureCount();

  /** Puts another head in place of the present one. */
  public void replaceHead(Layer head) {
    Modules.child(this, headPath()).replace(head);
  }
}
