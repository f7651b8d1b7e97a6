package dev.graft.vision.family;

import dev.graft.layers.Activation.Function;
import dev.graft.layers.DropPath;
import dev.graft.layers.Layer;

/**
 * The block that MobileNet and EfficientNet are made of: a 1 × 1 convolution to more channels, a
 * convolution of each channel by itself, optionally gates, a 1 × 1 convolution to few channels
 * without activation; the input is added where shapes agree. Sandler et al., "MobileNetV2", 2018.
 *
 * @param in input channels
 * @param hidden channels in between; equal to {@code in}: there is no first convolution
 * @param out output channels
 * @param kernel of the middle convolution
 * @param stride of the middle convolution
 * @param squeezed hidden channels of the gates; 0: none
 * @param activation behind the first and the middle convolution
 */
record InvertedResidual(
    long in, long hidden, long out, long kernel, long stride, long squeezed, Function activation) {

  /**
   * Paths of the parts within the block; those of absent parts are not read.
   *
   * @param expand first convolution
   * @param depthwise middle convolution
   * @param gates squeeze and excitation
   * @param project last convolution
   * @param dropPath stochastic depth
   */
  record Names(
      ConvUnit.Names expand,
      ConvUnit.Names depthwise,
      String gates,
      ConvUnit.Names project,
      String dropPath) {

    /** A block without gates and without stochastic depth. */
    Names(ConvUnit.Names expand, ConvUnit.Names depthwise, ConvUnit.Names project) {
      this(expand, depthwise, "", project, "");
    }

    /** Torchvision numbers the parts that are there. */
    static Names torchvision(InvertedResidual block) {
      int middle = block.expands() ? 1 : 0;
      int last = middle + (block.squeezed() > 0 ? 2 : 1);
      return new Names(
          ConvUnit.Names.numbered("block.0"),
          ConvUnit.Names.numbered("block." + middle),
          "block." + (middle + 1),
          ConvUnit.Names.numbered("block." + last),
          "stochastic_depth");
    }

    /** Timm numbers the normalisations; the last convolution is linear where one precedes. */
    static Names timm(InvertedResidual block) {
      int middle = block.expands() ? 2 : 1;
      return new Names(
          new ConvUnit.Names("conv_pw", "bn1", ""),
          new ConvUnit.Names("conv_dw", "bn" + middle, ""),
          "se",
          new ConvUnit.Names(block.expands() ? "conv_pwl" : "conv_pw", "bn" + (middle + 1), ""),
          "drop_path");
    }
  }

  /**
   * What all blocks of a network have in common.
   *
   * @param conv padding and normalisation
   * @param gates what the gates look like; null where no block has any
   */
  record Style(ConvUnit.Style conv, SqueezeExcite.Style gates) {}

  /** True if there is a first convolution. */
  boolean expands() {
    return hidden != in;
  }

  /** True if the input is added to the output. */
  boolean shortcut() {
    return stride == 1 && in == out;
  }

  /** The block as a layer; {@code drop} is the probability of stochastic depth. */
  Layer layer(Names names, Style style, double drop) {
    Residual block = new Residual();
    block.branch(shortcut());
    placeIn(block, names, style);
    if (drop > 0 && shortcut()) {
      block.place(names.dropPath(), new DropPath(drop));
    }
    return block;
  }

  /** Puts the parts one by one, for a library that has no module for this block. */
  void placeIn(Places places, Names names, Style style) {
    if (expands()) {
      ConvUnit.pointwise(in, hidden, activation).placeIn(places, names.expand(), style.conv());
    }
    ConvUnit.depthwise(hidden, kernel, stride, activation)
        .placeIn(places, names.depthwise(), style.conv());
    if (squeezed > 0) {
      places.place(names.gates(), new SqueezeExcite(hidden, squeezed, style.gates()));
    }
    ConvUnit.pointwise(hidden, out, Function.IDENTITY)
        .placeIn(places, names.project(), style.conv());
  }
}
