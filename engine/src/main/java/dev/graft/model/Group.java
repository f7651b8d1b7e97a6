package dev.graft.model;

import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A stretch of a network between input and output: the stem, a stage, a block, the head.
 *
 * @param name unique in the model; published terms where they exist ({@code layer1}, {@code head})
 * @param modules paths of the modules whose parameters belong to the group; a path covers all below
 *     it, {@code ""} covers everything no other group names
 * @param forward from the previous group's output to this group's output; the first group receives
 *     the model's inputs, the last returns its outputs
 */
public record Group(String name, List<String> modules, UnaryOperator<NamedTensors> forward) {

  public Group {
    modules = List.copyOf(modules);
  }

  /**
   * A group that reads one tensor and writes one.
   *
   * @param edge names of the two; nothing else is passed on
   */
  public static Group unary(
      String name, List<String> modules, Edge edge, UnaryOperator<Tensor> forward) {
    return new Group(
        name,
        modules,
        state -> NamedTensors.of(edge.output(), forward.apply(state.get(edge.input()))));
  }

  /**
   * The names of the tensors a group reads and writes.
   *
   * @param input what it reads
   * @param output what it writes
   */
  public record Edge(String input, String output) {

    /** From the pixels to the hidden state. */
    public static final Edge FIRST = new Edge("pixels", "hidden");

    /** From hidden state to hidden state. */
    public static final Edge INNER = new Edge("hidden", "hidden");

    /** From the hidden state to the features that a head reads. */
    public static final Edge LAST = new Edge("hidden", "features");

    /** From the features to the logits. */
    public static final Edge HEAD = new Edge("features", "logits");
  }
}
