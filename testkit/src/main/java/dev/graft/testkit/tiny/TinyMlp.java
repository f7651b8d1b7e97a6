package dev.graft.testkit.tiny;

import dev.graft.layers.Child;
import dev.graft.layers.LayerNorm;
import dev.graft.layers.Linear;
import dev.graft.model.Group;
import dev.graft.model.Network;
import dev.graft.tensor.Nn;
import java.util.List;

/**
 * {@code numeric} (N, 6) to {@code logits} (N, K): two linear layers with layer normalisation and a
 * linear head. Groups {@code stem}, {@code body}, {@code head}; no buffers at all.
 */
public final class TinyMlp extends Network {

  private static final int FEATURES = 12;

  private final Child linear1 = child("linear1", new Linear(TinyTable.COLUMNS, FEATURES));
  private final Child norm1 = child("norm1", new LayerNorm(FEATURES, 1e-5));
  private final Child linear2 = child("linear2", new Linear(FEATURES, FEATURES));
  private final Child norm2 = child("norm2", new LayerNorm(FEATURES, 1e-5));
  private final Child fc;

  /** A network with {@code labels} outputs. */
  public TinyMlp(int labels) {
    fc = child("fc", new Linear(FEATURES, labels));
  }

  @Override
  public List<Group> groups() {
    return List.of(
        Group.unary(
            "stem",
            List.of("linear1", "norm1"),
            new Group.Edge(TinyPreprocessing.NUMERIC, "hidden"),
            x -> Nn.relu(norm1.apply(linear1.apply(x)))),
        Group.unary(
            "body",
            List.of("linear2", "norm2"),
            Group.Edge.LAST,
            x -> Nn.relu(norm2.apply(linear2.apply(x)))),
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
