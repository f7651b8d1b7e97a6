package dev.graft.vision.family;

import dev.graft.layers.Child;
import dev.graft.layers.Layer;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Branches one after another, each a chain of children whose output is added to its input: {@code y
 * = x + b(x)}. Inverted residuals have one branch, transformer blocks two.
 */
final class Residual extends Layer implements Places {

  private record Branch(boolean shortcut, List<Child> chain) {}

  private final List<Branch> branches = new ArrayList<>();

  /** Opens a branch; without a shortcut its input is not added. */
  void branch(boolean shortcut) {
    branches.add(new Branch(shortcut, new ArrayList<>()));
  }

  /** Appends a layer to the branch that was opened last. */
  @Override
  public void place(String path, Layer layer) {
    Places.put(children(), this::append, path, layer);
  }

  private void append(String name, Layer layer) {
    branches.get(branches.size() - 1).chain().add(child(name, layer));
  }

  @Override
  protected Tensor forward(Tensor x) {
    Tensor result = x;
    for (Branch branch : branches) {
      Tensor output = result;
      for (Child child : branch.chain()) {
        output = child.apply(output);
      }
      result = branch.shortcut() ? result.add(output) : output;
    }
    return result;
  }
}
