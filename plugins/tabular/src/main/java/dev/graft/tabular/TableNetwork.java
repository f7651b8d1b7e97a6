package dev.graft.tabular;

import dev.graft.layers.Activation;
import dev.graft.layers.Child;
import dev.graft.layers.Linear;
import dev.graft.layers.Sequential;
import dev.graft.model.Group;
import dev.graft.model.Network;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Embeddings of the categories beside the numbers and their indicators, projected to a width; then
 * residual blocks, a last normalisation, and a linear head. Groups: {@code embeddings}, {@code
 * blocks.0} …, {@code head}; the last normalisation belongs to the last block.
 */
final class TableNetwork extends Network {

  private final TableMlp.Shape shape;
  private final Child embeddings;
  private final Child projection;
  private final Child blocks;
  private final Child last;
  private final Child head;

  TableNetwork(TableMlp.Shape shape) {
    this.shape = shape;
    Map<String, Integer> tables = shape.tables();
    long inputs = 2L * shape.numeric() + (long) tables.size() * shape.embedding();
    embeddings =
        tables.isEmpty()
            ? null
            : child("embeddings", new ColumnEmbeddings(tables, shape.embedding()));
    projection = child("projection", new Linear(inputs, shape.width()));
    Sequential stack = new Sequential();
    for (int i = 0; i < shape.depth(); i++) {
      stack.add(new ResidualBlock(shape));
    }
    blocks = child("blocks", stack);
    Activation relu = new Activation(Activation.Function.RELU);
    last = child("last", new Sequential().add("norm", shape.norm()).add("relu", relu));
    head = child("head", new Linear(shape.width(), shape.classes()));
  }

  @Override
  public List<Group> groups() {
    List<Group> groups = new ArrayList<>();
    groups.add(new Group("embeddings", List.of("embeddings", "projection"), this::embed));
    for (int i = 0; i < shape.depth(); i++) {
      Child block = blocks.layer().children().get(String.valueOf(i));
      String path = "blocks." + i;
      groups.add(
          i < shape.depth() - 1
              ? Group.unary(path, List.of(path), Group.Edge.INNER, block::apply)
              : Group.unary(
                  path,
                  List.of(path, "last"),
                  Group.Edge.LAST,
                  hidden -> last.apply(block.apply(hidden))));
    }
    groups.add(Group.unary("head", List.of("head"), Group.Edge.HEAD, head::apply));
    return groups;
  }

  private NamedTensors embed(NamedTensors inputs) {
    List<Tensor> parts = new ArrayList<>();
    if (shape.numeric() > 0) {
      parts.add(inputs.get("numeric"));
      parts.add(inputs.get("missing"));
    }
    if (embeddings != null) {
      parts.add(embeddings.apply(inputs.get("categorical")));
    }
    return NamedTensors.of("hidden", projection.apply(Tensor.cat(parts, 1)));
  }

  @Override
  public String headPath() {
    return "head";
  }

  @Override
  public long featureCount() {
    return shape.width();
  }
}
