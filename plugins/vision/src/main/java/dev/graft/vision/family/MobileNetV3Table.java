package dev.graft.vision.family;

import dev.graft.layers.Activation.Function;
import java.util.ArrayList;
import java.util.List;

/**
 * The blocks of MobileNet, version 3, at full width (tables 1 and 2 of the paper).
 *
 * @param rows the blocks
 * @param features hidden values of the classifier
 */
record MobileNetV3Table(List<Row> rows, int features) {

  /** Channels of the first convolution. */
  static final int STEM = 16;

  /** The published tables: kernel, hidden channels, output channels, gates, hard swish, stride. */
  private static final int[][] LARGE = {
    {3, 16, 16, 0, 0, 1},
    {3, 64, 24, 0, 0, 2},
    {3, 72, 24, 0, 0, 1},
    {5, 72, 40, 1, 0, 2},
    {5, 120, 40, 1, 0, 1},
    {5, 120, 40, 1, 0, 1},
    {3, 240, 80, 0, 1, 2},
    {3, 200, 80, 0, 1, 1},
    {3, 184, 80, 0, 1, 1},
    {3, 184, 80, 0, 1, 1},
    {3, 480, 112, 1, 1, 1},
    {3, 672, 112, 1, 1, 1},
    {5, 672, 160, 1, 1, 2},
    {5, 960, 160, 1, 1, 1},
    {5, 960, 160, 1, 1, 1},
  };

  private static final int[][] SMALL = {
    {3, 16, 16, 1, 0, 2},
    {3, 72, 24, 0, 0, 2},
    {3, 88, 24, 0, 0, 1},
    {5, 96, 40, 1, 1, 2},
    {5, 240, 40, 1, 1, 1},
    {5, 240, 40, 1, 1, 1},
    {5, 120, 48, 1, 1, 1},
    {5, 144, 48, 1, 1, 1},
    {5, 288, 96, 1, 1, 2},
    {5, 576, 96, 1, 1, 1},
    {5, 576, 96, 1, 1, 1},
  };

  /** Blocks of the last stage, which a reduced tail narrows. */
  private static final int TAIL = 3;

  /**
   * One block.
   *
   * @param in input channels
   * @param kernel of the convolution of each channel by itself
   * @param hidden channels in between
   * @param out output channels
   * @param gated whether there are gates
   * @param activation inside the block
   * @param stride of the convolution of each channel by itself
   */
  record Row(
      int in, int kernel, int hidden, int out, boolean gated, Function activation, int stride) {

    /** The block with other numbers of channels, which are rounded. */
    InvertedResidual block(long actualIn, double actualHidden, double actualOut) {
      long middle = Channels.rounded(actualHidden);
      return new InvertedResidual(
          actualIn,
          middle,
          Channels.rounded(actualOut),
          kernel,
          stride,
          gated ? Channels.rounded(middle / 4.0) : 0,
          activation);
    }
  }

  /** The large network. */
  static MobileNetV3Table large(boolean reducedTail) {
    return of(LARGE, 1280, reducedTail);
  }

  /** The small network. */
  static MobileNetV3Table small(boolean reducedTail) {
    return of(SMALL, 1024, reducedTail);
  }

  private static MobileNetV3Table of(int[][] table, int features, boolean reducedTail) {
    List<Row> rows = new ArrayList<>();
    int in = STEM;
    for (int i = 0; i < table.length; i++) {
      int[] row = table[i];
      int tail = table.length - TAIL;
      int out = reducedTail && i >= tail ? row[2] / 2 : row[2];
      int hidden = reducedTail && i > tail ? row[1] / 2 : row[1];
      Function activation = row[4] == 1 ? Function.HARDSWISH : Function.RELU;
      rows.add(new Row(in, row[0], hidden, out, row[3] == 1, activation, row[5]));
      in = out;
    }
    return new MobileNetV3Table(rows, reducedTail ? features / 2 : features);
  }
}
