package dev.graft.layers;

import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;

/** 2-D convolution: (N, in, H, W) to (N, out, H', W'). */
public final class Conv2d extends Layer {

  /**
   * The shape of a convolution.
   *
   * @param in input channels
   * @param out output channels
   * @param kernel height and width
   * @param stride steps in both directions
   * @param padding zeros on each side, in both directions; ignored where {@code same}
   * @param dilation distance between kernel cells
   * @param groups blocks of channels that do not mix
   * @param bias whether there is one
   * @param same pad as TensorFlow does: output is ceil(input / stride), the odd zero at the end
   */
  public record Spec(
      long in,
      long out,
      long[] kernel,
      long[] stride,
      long[] padding,
      long dilation,
      long groups,
      boolean bias,
      boolean same) {

    /** A square kernel, stride 1, no padding, no bias. */
    public static Spec of(long in, long out, long kernel) {
      return new Spec(
          in, out, pair(kernel), pair(1), pair(0), 1, 1, /* bias= */ false, /* same= */ false);
    }

    /** With another stride. */
    public Spec stride(long value) {
      return new Spec(in, out, kernel, pair(value), padding, dilation, groups, bias, same);
    }

    /** With the same padding on all sides. */
    public Spec padding(long value) {
      return padding(value, value);
    }

    /** With padding above and below, and left and right. */
    public Spec padding(long vertical, long horizontal) {
      long[] value = {vertical, horizontal};
      return new Spec(in, out, kernel, stride, value, dilation, groups, bias, same);
    }

    /** With a kernel that is not square. */
    public Spec kernel(long height, long width) {
      long[] value = {height, width};
      return new Spec(in, out, value, stride, padding, dilation, groups, bias, same);
    }

    /** With a distance between kernel cells. */
    public Spec dilation(long value) {
      return new Spec(in, out, kernel, stride, padding, value, groups, bias, same);
    }

    /** With blocks of channels that do not mix. */
    public Spec groups(long value) {
      return new Spec(in, out, kernel, stride, padding, dilation, value, bias, same);
    }

    /** With or without bias. */
    public Spec bias(boolean value) {
      return new Spec(in, out, kernel, stride, padding, dilation, groups, value, same);
    }

    /** With TensorFlow's padding or with the given one. */
    public Spec same(boolean value) {
      return new Spec(in, out, kernel, stride, padding, dilation, groups, bias, value);
    }

    private static long[] pair(long value) {
      return new long[] {value, value};
    }
  }

  private final Spec spec;
  private final Tensor weight;
  private final Tensor bias;

  /** A convolution with random weights. */
  public Conv2d(Spec spec) {
    this.spec = spec;
    long[] kernel = spec.kernel();
    long perGroup = spec.in() / spec.groups();
    weight =
        parameter(
            "weight",
            ParameterKind.WEIGHT,
            Initial.heFanOut(spec.out(), perGroup, kernel[0], kernel[1]));
    bias =
        spec.bias()
            ? parameter(
                "bias",
                ParameterKind.BIAS,
                Initial.fanIn(perGroup * kernel[0] * kernel[1], spec.out()))
            : null;
  }

  /** The shape this convolution was built with. */
  public Spec spec() {
    return spec;
  }

  /** Weight, (out, in / groups, kernel height, kernel width). */
  public Tensor weight() {
    return weight;
  }

  /** Bias, (out), or null. */
  public Tensor bias() {
    return bias;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return convolve(x, weight, bias);
  }

  /** The same convolution with other values, for folded and adapted weights. */
  public Tensor convolve(Tensor x, Tensor otherWeight, Tensor otherBias) {
    if (!spec.same()) {
      return convolve(x, otherWeight, otherBias, spec.padding());
    }
    long[] vertical = samePadding(x.size(2), 0);
    long[] horizontal = samePadding(x.size(3), 1);
    boolean shift = vertical[0] != vertical[1] || horizontal[0] != horizontal[1];
    if (!shift) {
      return convolve(x, otherWeight, otherBias, new long[] {vertical[0], horizontal[0]});
    }
    // One step more of zeros on each side and the first row and column left out: the same sums
    // without a padded copy of the input.
    long[] stride = spec.stride();
    long[] padding = {vertical[0] + stride[0], horizontal[0] + stride[1]};
    return convolve(x, otherWeight, otherBias, padding)
        .narrow(2, 1, steps(x.size(2), stride[0]))
        .narrow(3, 1, steps(x.size(3), stride[1]));
  }

  private Tensor convolve(Tensor x, Tensor otherWeight, Tensor otherBias, long[] padding) {
    long[] dilation = {spec.dilation(), spec.dilation()};
    return Nn.conv2d(x, otherWeight, otherBias, spec.stride(), padding, dilation, spec.groups());
  }

  private static long steps(long size, long stride) {
    return (size + stride - 1) / stride;
  }

  private long[] samePadding(long size, int axis) {
    long step = spec.stride()[axis];
    long reach = (spec.kernel()[axis] - 1) * spec.dilation() + 1;
    long total = Math.max(0, (steps(size, step) - 1) * step + reach - size);
    return new long[] {total / 2, total - total / 2};
  }
}
