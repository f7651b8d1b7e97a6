package dev.graft.weights;

import dev.graft.tensor.DType;
import dev.graft.weights.WeightFormatException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A tensor as a view of a storage: element {@code (i, j, …)} lies at {@code offset + i * strides[0]
 * + j * strides[1] + …}, counted in elements.
 *
 * @param dtype element type
 * @param shape sizes, outermost first
 * @param strides steps between neighbours, as many as sizes, 0 or more
 * @param offset position of the first element
 */
record Strided(DType dtype, long[] shape, long[] strides, long offset) {

  /**
   * Checks that every element lies inside a storage of {@code count} elements.
   *
   * @throws WeightFormatException if one does not, or if a number is negative or too large
   */
  void check(String name, long count) {
    long bytes = Shapes.byteSize(name, dtype, shape);
    if (strides.length != shape.length) {
      throw bad(name, "has %d strides".formatted(strides.length));
    }
    if (offset < 0 || offset > count || Arrays.stream(strides).anyMatch(stride -> stride < 0)) {
      throw bad(name, "reaches outside its storage of %d elements".formatted(count));
    }
    if (bytes == 0) {
      return;
    }
    try {
      long last = offset;
      for (int i = 0; i < shape.length; i++) {
        last = Math.addExact(last, Math.multiplyExact(shape[i] - 1, strides[i]));
      }
      if (last >= count) {
        throw bad(name, "reaches outside its storage of %d elements".formatted(count));
      }
    } catch (ArithmeticException e) {
      throw bad(name, "reaches beyond 2^63 elements");
    }
  }

  /** Number of elements from the first to the last, both included; the view must be checked. */
  long extent() {
    long extent = 1;
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] == 0) {
        return 0;
      }
      extent += (shape[i] - 1) * strides[i];
    }
    return extent;
  }

  /** True if the elements lie one after the other in row-major order. */
  boolean isContiguous() {
    long expected = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      if (shape[i] != 1 && strides[i] != expected) {
        return Arrays.stream(shape).anyMatch(size -> size == 0);
      }
      expected *= shape[i];
    }
    return true;
  }

  /** The strides of an array whose first dimension varies fastest. */
  static long[] fortranStrides(long[] shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = 0; i < shape.length; i++) {
      strides[i] = stride;
      stride *= shape[i];
    }
    return strides;
  }

  /** The elements in row-major order; {@code storage} begins at the storage's first element. */
  ByteBuffer gather(ByteBuffer storage) {
    int width = dtype.bytes();
    long bytes = Shapes.byteSize("", dtype, shape);
    if (bytes > Integer.MAX_VALUE) {
      throw new WeightFormatException(
          Reason.TENSOR_TOO_LARGE,
          "one tensor of %d bytes; at most %d are held in one piece, so split it"
              .formatted(bytes, Integer.MAX_VALUE));
    }
    ByteBuffer out = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer in = storage.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    long[] index = new long[shape.length];
    long position = offset;
    while (out.hasRemaining()) {
      copyElement(in, Math.toIntExact(position * width), out, width);
      for (int i = shape.length - 1; i >= 0; i--) {
        position += strides[i];
        if (++index[i] < shape[i]) {
          break;
        }
        position -= shape[i] * strides[i];
        index[i] = 0;
      }
    }
    return out.flip();
  }

  private static void copyElement(ByteBuffer in, int from, ByteBuffer out, int width) {
    switch (width) {
      case 1 -> out.put(in.get(from));
      case 2 -> out.putShort(in.getShort(from));
      case 4 -> out.putInt(in.getInt(from));
      default -> out.putLong(in.getLong(from));
    }
  }

  private WeightFormatException bad(String name, String what) {
    return new WeightFormatException(
        Reason.BAD_VIEW,
        "tensor '%s' of shape %s, strides %s, offset %d %s"
            .formatted(name, Arrays.toString(shape), Arrays.toString(strides), offset, what));
  }
}
