package dev.graft.vision.family;

import dev.graft.layers.Child;
import dev.graft.model.Group;
import dev.graft.model.Modules;
import dev.graft.model.Network;
import dev.graft.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** A network whose modules run one after another, as most convolutional networks do. */
public abstract class ChainNetwork extends Network {

  private final String headPath;
  private final long featureCount;

  /**
   * A network without modules yet.
   *
   * @param headPath path of the module that a new task replaces
   * @param featureCount number of features which that module reads
   */
  protected ChainNetwork(String headPath, long featureCount) {
    this.headPath = headPath;
    this.featureCount = featureCount;
  }

  @Override
  public final String headPath() {
    return headPath;
  }

  @Override
  public final long featureCount() {
    return featureCount;
  }

  /** A group that runs the modules at the given paths in order. */
  protected final Group chain(String name, Group.Edge edge, String... paths) {
    return chain(name, edge, UnaryOperator.identity(), paths);
  }

  /** A group that runs the modules at the given paths in order, and then a function. */
  protected final Group chain(
      String name, Group.Edge edge, UnaryOperator<Tensor> then, String... paths) {
    List<Child> children = Arrays.stream(paths).map(path -> Modules.child(this, path)).toList();
    return Group.unary(
        name,
        List.of(paths),
        edge,
        x -> {
          Tensor result = x;
          for (Child child : children) {
            result = child.apply(result);
          }
          return then.apply(result);
        });
  }
}
