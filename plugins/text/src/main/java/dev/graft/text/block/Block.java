package dev.graft.text.block;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.graft.layers.Child;
import dev.graft.layers.Layer;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A block of a transformer: branches around each of which the hidden state is carried past. A
 * branch is put together from layers under their published names; where its normalisation stands is
 * a setting.
 */
public final class Block extends SequenceLayer {

  /** Where the normalisation of a branch stands. */
  public enum Placement {
    /** Behind the sum: {@code norm(x + f(x))}. */
    POST,
    /** In front of the branch: {@code x + f(norm(x))}. */
    PRE,
    /** As {@link #PRE}, but all branches read the input of the block. */
    PARALLEL
  }

  private record Branch(Child norm, List<Child> layers, List<String> shown) {}

  private final Placement placement;
  private final List<Branch> branches = new ArrayList<>();

  /** A block without branches. */
  public Block(Placement placement) {
    this.placement = placement;
  }

  /** Begins a branch with its normalisation. */
  @CanIgnoreReturnValue
  public Block branch(String path, Layer norm) {
    return branch(place(path, norm));
  }

  /** Begins a branch whose normalisation stands elsewhere already. */
  @CanIgnoreReturnValue
  public Block branch(Child norm) {
    branches.add(new Branch(norm, new ArrayList<>(), new ArrayList<>()));
    return this;
  }

  /** Appends a layer to the branch. */
  @CanIgnoreReturnValue
  public Block then(String path, Layer layer) {
    last().layers.add(place(path, layer));
    return this;
  }

  /** Shows the result of the branch, its sum included, as that of a container. */
  @CanIgnoreReturnValue
  public Block shownAs(String path) {
    last().shown.add(path);
    return this;
  }

  private Branch last() {
    return branches.get(branches.size() - 1);
  }

  @Override
  protected Tensor forward(Tensor input, Pass pass) {
    Tensor x = input;
    for (Branch branch : branches) {
      if (placement == Placement.POST) {
        x = branch.norm.apply(x.add(run(branch, x, pass)));
      } else {
        Tensor read = placement == Placement.PARALLEL ? input : x;
        x = x.add(run(branch, branch.norm.apply(read), pass));
      }
      for (String path : branch.shown) {
        x = container(path).announce(x);
      }
    }
    return x;
  }

  private static Tensor run(Branch branch, Tensor x, Pass pass) {
    Tensor result = x;
    for (Child layer : branch.layers) {
      result =
          layer.layer() instanceof SequenceLayer
              ? SequenceLayer.apply(layer, result, pass)
              : layer.apply(result);
    }
    return result;
  }
}
