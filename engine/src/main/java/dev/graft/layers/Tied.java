package dev.graft.layers;

import dev.graft.tensor.Tensor;
import java.util.List;

/**
 * A layer that computes with tensors another module owns and uses in its own way, such as a head
 * over words that is the table of the words. It has them not among its parameters; whoever puts
 * something on one of the two would change what that one computes and not the other.
 */
public interface Tied {

  /** The tensors of other modules, in their shapes there; not owned. */
  List<Tensor> tied();
}
