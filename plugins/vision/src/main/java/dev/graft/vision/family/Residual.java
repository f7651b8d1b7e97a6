package dev.graft.vision.family;

import dev.graft.layers.Child;
import dev.graft.layers.Layer;
import dev.graft.layers.Taps;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Branches one after another, each a chain of children whose output is added to its input, which
 * may be projected: {@code y = p(x) + b(x)}. Inverted residuals have one branch, transformer blocks
 * two.
 */
final class Residual extends Layer implements Places {

  private record Branch(boolean shortcut, List<Child> projection, List<Child> chain) {}

  private final List<Branch> branches = new ArrayList<>();

  /** Opens a branch; without a shortcut its input is not added. */
  void branch(boolean shortcut) {
    branches.add(new Branch(shortcut, new ArrayList<>(), new ArrayList<>()));
  }

  /** Appends a layer to the branch that was opened last. */
  @Override
  public void place(String path, Layer layer) {
    Places.put(children(), this::append, path, layer);
  }

  /** Where layers are put that the input of the open branch goes through before it is added. */
  Places projection() {
    List<Child> projection = open().projection();
    return (path, layer) ->
        Places.put(children(), (name, part) -> projection.add(child(name, part)), path, layer);
  }

  private void append(String name, Layer layer) {
    open().chain().add(child(name, layer));
  }

  private Branch open() {
    return branches.get(branches.size() - 1);
  }

  @Override
  protected Tensor forward(Tensor x) {
    Tensor result = x;
    for (Branch branch : branches) {
      Tensor output = chain(branch.chain(), result);
      result = branch.shortcut() ? sum(output, chain(branch.projection(), result), result) : output;
    }
    return result;
  }

  /** The sum, in the memory of the branch's output where that is its own and nobody listens. */
  private static Tensor sum(Tensor output, Tensor shortcut, Tensor input) {
    boolean own = output != input && output.isDense() && output.dtype() == shortcut.dtype();
    if (!own || Taps.active()) {
      return shortcut.add(output);
    }
    output.addInPlace(shortcut, 1);
    return output;
  }
}
