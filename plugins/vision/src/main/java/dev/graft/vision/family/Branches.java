package dev.graft.vision.family;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.graft.layers.Child;
import dev.graft.layers.Layer;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Chains of layers that read the same input and whose outputs are joined along the channels, as in
 * inception modules: (N, C, H, W) to (N, sum of the branches' channels, H', W').
 */
final class Branches extends Layer {

  /**
   * One branch.
   *
   * @param chain layers one after another
   * @param ends layers that each read the chain's output; empty: that output itself is joined
   */
  private record Branch(List<Child> chain, List<Child> ends) {}

  private final List<Branch> branches = new ArrayList<>();

  /** Opens a branch with its first layer. */
  @CanIgnoreReturnValue
  Branches branch(String name, Layer layer) {
    branches.add(new Branch(new ArrayList<>(), new ArrayList<>()));
    return then(name, layer);
  }

  /** Appends a layer to the open branch. */
  @CanIgnoreReturnValue
  Branches then(String name, Layer layer) {
    branches.get(branches.size() - 1).chain().add(child(name, layer));
    return this;
  }

  /** Splits the end of the open branch: the layer is one of those that read the chain's output. */
  @CanIgnoreReturnValue
  Branches end(String name, Layer layer) {
    branches.get(branches.size() - 1).ends().add(child(name, layer));
    return this;
  }

  @Override
  protected Tensor forward(Tensor x) {
    List<Tensor> outputs = new ArrayList<>();
    for (Branch branch : branches) {
      Tensor output = x;
      for (Child layer : branch.chain()) {
        output = layer.apply(output);
      }
      if (branch.ends().isEmpty()) {
        outputs.add(output);
      }
      for (Child end : branch.ends()) {
        outputs.add(end.apply(output));
      }
    }
    return Tensor.cat(outputs, 1);
  }
}
