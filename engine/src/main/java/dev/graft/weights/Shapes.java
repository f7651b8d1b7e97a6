package dev.graft.weights;

import dev.graft.tensor.DType;
import dev.graft.weights.WeightFormatException.Reason;
import java.util.Arrays;

/** Checks shapes that a file claims, before any memory is touched. */
final class Shapes {

  /** Most dimensions of a tensor; LibTorch's own limit is the same. */
  static final int MAX_RANK = 64;

  private Shapes() {}

  /**
   * Bytes that a tensor of this shape takes.
   *
   * @throws WeightFormatException on a negative size, too many dimensions or more than 63 bits
   */
  static long byteSize(String name, DType dtype, long[] shape) {
    if (shape.length > MAX_RANK) {
      throw new WeightFormatException(
          Reason.BAD_SHAPE,
          "tensor '%s' has %d dimensions; at most %d are allowed"
              .formatted(name, shape.length, MAX_RANK));
    }
    try {
      long bytes = dtype.bytes();
      for (long size : shape) {
        if (size < 0) {
          throw new WeightFormatException(
              Reason.BAD_SHAPE,
              "tensor '%s' has a negative size in shape %s"
                  .formatted(name, Arrays.toString(shape)));
        }
        bytes = Math.multiplyExact(bytes, size);
      }
      return bytes;
    } catch (ArithmeticException e) {
      throw new WeightFormatException(
          Reason.BAD_SHAPE,
          "tensor '%s' of shape %s would take more than 2^63 bytes"
              .formatted(name, Arrays.toString(shape)),
          e);
    }
  }
}
