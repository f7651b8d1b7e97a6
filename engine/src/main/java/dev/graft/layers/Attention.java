package dev.graft.layers;

import dev.graft.tensor.Tensor;
import java.util.List;

/**
 * Multi-head self-attention: (N, L, D) to (N, L, D).
 *
 * <p>The projections are children, so that adapters can wrap them: either one that yields queries,
 * keys and values side by side, or one for each. The output projection may be left out where a
 * library keeps it in another module.
 */
public final class Attention extends MultiHead {

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

  private final List<Child> inputs;
  private final List<Child> outputs;

  /** An attention with random weights. */
  public Attention(Size size, Names names) {
    super(size);
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
    Tensor result =
        inputs.size() == 1
            ? attend(inputs.get(0).apply(x))
            : attend(inputs.get(0).apply(x), inputs.get(1).apply(x), inputs.get(2).apply(x));
    for (Child output : outputs) {
      result = output.apply(result);
    }
    return result;
  }
}
