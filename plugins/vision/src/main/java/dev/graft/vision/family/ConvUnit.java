package dev.graft.vision.family;

import dev.graft.layers.Activation;
import dev.graft.layers.Activation.Function;
import dev.graft.layers.BatchNorm2d;
import dev.graft.layers.Conv2d;

/**
 * A convolution, its normalisation, or a bias where that is folded into the weights, and an
 * activation.
 *
 * @param in input channels
 * @param out output channels
 * @param kernel height and width
 * @param stride steps in both directions
 * @param groups blocks of channels that do not mix
 * @param activation {@code IDENTITY}: none
 */
record ConvUnit(long in, long out, long kernel, long stride, long groups, Function activation) {

  /**
   * How all convolutions of a network are padded and normalised.
   *
   * @param folded without normalisation, with bias
   * @param same padded as TensorFlow does, else with kernel / 2 on each side
   * @param eps small number added to the variance, no unit
   * @param momentum share of the newest batch in the running statistics
   */
  record Style(boolean folded, boolean same, double eps, double momentum) {

    /** PyTorch's defaults. */
    static final Style DEFAULT = new Style(false, false, BatchNorm2d.DEFAULT_EPS, 0.1);
  }

  /**
   * Paths of the three parts.
   *
   * @param conv of the convolution
   * @param norm of the normalisation
   * @param activation of the activation; empty: the normalisation does it
   */
  record Names(String conv, String norm, String activation) {

    /** {@code p.0}, {@code p.1}, {@code p.2}. */
    static Names numbered(String path) {
      return new Names(path + ".0", path + ".1", path + ".2");
    }

    /** {@code p}, {@code p_bn}, {@code p_relu6}: in TensorFlow the convolution owns the scope. */
    static Names scoped(String path) {
      return new Names(path, path + "_bn", path + "_relu6");
    }

    /** {@code p.convolution}, {@code p.normalization}, {@code p.activation}. */
    static Names spelled(String path) {
      return new Names(path + ".convolution", path + ".normalization", path + ".activation");
    }
  }

  /** A 1 × 1 convolution. */
  static ConvUnit pointwise(long in, long out, Function activation) {
    return new ConvUnit(in, out, 1, 1, 1, activation);
  }

  /** A convolution of each channel by itself. */
  static ConvUnit depthwise(long channels, long kernel, long stride, Function activation) {
    return new ConvUnit(channels, channels, kernel, stride, channels, activation);
  }

  /** Puts the parts where the names say. */
  void placeIn(Places places, Names names, Style style) {
    Conv2d.Spec conv =
        Conv2d.Spec.of(in, out, kernel)
            .stride(stride)
            .padding(kernel / 2)
            .groups(groups)
            .bias(style.folded())
            .same(style.same());
    places.place(names.conv(), new Conv2d(conv));
    boolean joint = names.activation().isEmpty();
    if (!style.folded()) {
      places.place(
          names.norm(),
          new BatchNorm2d(
              out, style.eps(), style.momentum(), joint ? activation : Function.IDENTITY));
    }
    if (!joint && activation != Function.IDENTITY) {
      places.place(names.activation(), Activation.inPlace(activation));
    }
  }
}
