package dev.graft.testkit.tiny;

import dev.graft.layers.BatchNorm2d;
import dev.graft.layers.Child;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Dropout;
import dev.graft.layers.Linear;
import dev.graft.model.Group;
import dev.graft.model.Network;
import dev.graft.tensor.Nn;
import java.util.List;

/**
 * {@code pixels} (N, 3, H, W) to {@code logits} (N, K): two convolutions with batch normalisation,
 * a linear neck with dropout, a linear head. Groups {@code stem}, {@code body}, {@code neck},
 * {@code head}.
 */
public final class TinyNetwork extends Network {

  private static final int FEATURES = 12;

  private final Child conv1 = child("conv1", new Conv2d(Conv2d.Spec.of(3, 6, 3).padding(1)));
  private final Child bn1 = child("bn1", new BatchNorm2d(6));
  private final Child conv2 = child("conv2", new Conv2d(Conv2d.Spec.of(6, 8, 3).stride(2)));
  private final Child bn2 = child("bn2", new BatchNorm2d(8));
  private final Child neck = child("neck", new Linear(8, FEATURES));
  private final Child dropout = child("dropout", new Dropout(0.1));
  private final Child fc;

  /** A network with {@code labels} outputs. */
  public TinyNetwork(int labels) {
    fc = child("fc", new Linear(FEATURES, labels));
  }

  @Override
  public List<Group> groups() {
    return List.of(
        Group.unary(
            "stem",
            List.of("conv1", "bn1"),
            Group.Edge.FIRST,
            x -> Nn.relu(bn1.apply(conv1.apply(x)))),
        Group.unary(
            "body",
            List.of("conv2", "bn2"),
            Group.Edge.INNER,
            x -> Nn.relu(bn2.apply(conv2.apply(x))).mean(false, 2, 3)),
        Group.unary(
            "neck",
            List.of("neck", "dropout"),
            Group.Edge.LAST,
            x -> dropout.apply(Nn.relu(neck.apply(x)))),
        Group.unary("head", List.of("fc"), Group.Edge.HEAD, fc::apply));
  }

  @Override
  public String headPath() {
    return "fc";
  }

  @Override
  public long featureCount() {
    return FEATURES;
  }
}
