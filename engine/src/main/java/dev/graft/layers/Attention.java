package dev.graft.layers;

import dev.graft.tensor.DType;
import dev.graft.tensor.Device;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import java.util.List;

/**
 * Multi-head self-attention: (N, L, D) to (N, L, D).
 *
 * <p>The projections are children, so that adapters can wrap them: either one that yields queries,
 * keys and values side by side, or one for each. The output projection may be left out where a
 * library keeps it in another module.
 */
public final class Attention extends Layer {

  /**
   * Sizes of an attention.
   *
   * @param features D, a multiple of {@code heads}
   * @param heads number of parts into which the features are split
   * @param bias whether queries, keys and values have one; the output projection always has
   * @param dropout probability that an attention weight is dropped in training mode
   * @param outputDropout the same for elements of the output
   */
  public record Size(
      long features, long heads, boolean bias, double dropout, double outputDropout) {

    public Size {
      if (heads < 1 || features % heads != 0) {
        throw new IllegalArgumentException(
            "%d features cannot be split into %d heads; the heads must divide them"
                .formatted(features, heads));
      }
    }
  }

  /**
   * Names of the children.
   *
   * @param inputs one name for a joint projection, or those of query, key and value
   * @param output name of the output projection; empty: there is none
   * @param outputDropout name of the dropout behind it
   */
  public record Names(List<String> inputs, String output, String outputDropout) {

    /** {@code qkv}, {@code proj}: one joint projection. */
    public static final Names JOINT = new Names(List.of("qkv"), "proj", "proj_drop");

    /** {@code query}, {@code key}, {@code value}, without output projection. */
    public static final Names SEPARATE = new Names(List.of("query", "key", "value"), "", "");

    public Names {
      inputs = List.copyOf(inputs);
      if (inputs.size() != 1 && inputs.size() != 3) {
        throw new IllegalArgumentException(
            "an attention has one joint or three separate projections, not " + inputs);
      }
    }
  }

  private final Size size;
  private final List<Child> inputs;
  private final List<Child> outputs;

  /** An attention with random weights. */
  public Attention(Size size, Names names) {
    this.size = size;
    long width = size.features() * (3 / names.inputs().size());
    inputs =
        names.inputs().stream()
            .map(name -> child(name, new Linear(size.features(), width, size.bias())))
            .toList();
    outputs =
        names.output().isEmpty()
            ? List.of()
            : List.of(
                child(names.output(), new Linear(size.features(), size.features())),
                child(names.outputDropout(), new Dropout(size.outputDropout())));
  }

  @Override
  protected Tensor forward(Tensor x) {
    double dropout = training() ? size.dropout() : 0;
    Tensor result =
        inputs.size() == 1
            ? joint(inputs.get(0).apply(x), size.heads(), dropout)
            : merge(attend(heads(0, x), heads(1, x), heads(2, x), dropout));
    for (Child output : outputs) {
      result = output.apply(result);
    }
    return result;
  }

  /** (N, L, D) to (N, heads, L, D / heads). */
  private Tensor heads(int input, Tensor x) {
    Tensor projected = inputs.get(input).apply(x);
    return projected.reshape(x.size(0), x.size(1), size.heads(), -1).transpose(1, 2);
  }

  /**
   * Attention over queries, keys and values that lie side by side: (N, L, 3 D) to (N, L, D).
   *
   * @param dropout probability that an attention weight is dropped; 0 outside of training
   */
  public static Tensor joint(Tensor projected, long heads, double dropout) {
    Tensor parts =
        projected
            .reshape(projected.size(0), projected.size(1), 3, heads, -1)
            .permute(2, 0, 3, 1, 4);
    return merge(attend(parts.select(0, 0), parts.select(0, 1), parts.select(0, 2), dropout));
  }

  /** (N, heads, L, d) to (N, L, heads * d). */
  private static Tensor merge(Tensor perHead) {
    return perHead.transpose(1, 2).flatten(2);
  }

  /** On CPUs the kernel for bfloat16 is many times slower than a detour over 32 bits. */
  private static Tensor attend(Tensor q, Tensor k, Tensor v, double dropout) {
    DType dtype = q.dtype();
    boolean slow = dtype == DType.BFLOAT16 && q.device().equals(Device.CPU);
    DType fast = slow ? DType.FLOAT32 : dtype;
    return Nn.attention(q.to(fast), k.to(fast), v.to(fast), null, false, dropout, Double.NaN)
        .to(dtype);
  }
}
