package dev.graft.vision.family;

import dev.graft.layers.Attention;
import dev.graft.layers.Child;
import dev.graft.layers.Initial;
import dev.graft.layers.Linear;
import dev.graft.layers.LinearRows;
import dev.graft.layers.MultiHead;
import dev.graft.layers.ParameterKind;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;

/**
 * Self-attention with the names of PyTorch's own module, whose joint projection is a pair of bare
 * parameters: (N, L, D) to (N, L, D). Its rows for queries, keys and values are the children {@code
 * q}, {@code k} and {@code v}, which adapters can wrap; as long as nothing stands in their place
 * the projection is computed at once.
 */
final class MultiheadAttention extends MultiHead {

  private final Tensor weight;
  private final Tensor bias;
  private final List<Child> rows;
  private final Child output;

  MultiheadAttention(Attention.Size size) {
    super(size);
    long features = size.features();
    weight =
        parameter(
            "in_proj_weight",
            ParameterKind.WEIGHT,
            Initial.fanIn(features, 3 * features, features));
    bias = parameter("in_proj_bias", ParameterKind.BIAS, Tensor.zeros(3 * features));
    rows =
        Stream.of("q", "k", "v")
            .map(name -> child(name, rows("qkv".indexOf(name) * features)))
            .toList();
    output = child("out_proj", new Linear(features, features));
  }

  private LinearRows rows(long from) {
    return new LinearRows(weight, bias, from, size().features());
  }

  @Override
  protected Tensor forward(Tensor x) {
    boolean bare = rows.stream().allMatch(child -> child.layer() instanceof LinearRows);
    Tensor joint = bare ? Nn.linear(x, weight, bias) : null;
    return output.apply(attend(row(0, x, joint), row(1, x, joint), row(2, x, joint)));
  }

  /** Queries, keys or values, cut out of the joint projection where there is one. */
  private Tensor row(int index, Tensor x, Tensor joint) {
    Child child = rows.get(index);
    return joint == null ? child.apply(x) : child.layer().announce(part(joint, index));
  }
}
