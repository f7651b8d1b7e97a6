package dev.graft.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A tensor's values in memory that any thread may read: row-major, little-endian, no native handle.
 *
 * <p>Decoded pixels, tokens and the tensors of a weight file travel as host tensors; {@link
 * Tensor#of(HostTensor)} copies one into LibTorch. The buffer is read-only by agreement: whoever
 * makes a host tensor gives the buffer away.
 *
 * @param dtype element type
 * @param shape sizes, outermost first; empty for a scalar; a size may be 0
 * @param data exactly {@code product(shape) * dtype.bytes()} bytes from position 0 to the limit
 */
public record HostTensor(DType dtype, long[] shape, ByteBuffer data) {

  public HostTensor {
    shape = shape.clone();
    data = data.slice().order(ByteOrder.LITTLE_ENDIAN);
    long expected = byteSize(dtype, shape);
    if (data.remaining() != expected) {
      throw new IllegalArgumentException(
          "shape %s of %s takes %d bytes, but the buffer holds %d"
              .formatted(Arrays.toString(shape), dtype, expected, data.remaining()));
    }
  }

  /**
   * Bytes of a tensor of this type and shape.
   *
   * @throws IllegalArgumentException on a negative size or a product beyond 63 bits
   */
  public static long byteSize(DType dtype, long[] shape) {
    long count = 1;
    try {
      for (long size : shape) {
        if (size < 0) {
          throw new IllegalArgumentException(
              "negative size in shape %s; sizes are 0 or more".formatted(Arrays.toString(shape)));
        }
        count = Math.multiplyExact(count, size);
      }
      return Math.multiplyExact(count, dtype.bytes());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "shape %s of %s is larger than 2^63 bytes".formatted(Arrays.toString(shape), dtype), e);
    }
  }

  /** A host tensor of 32-bit floats; the array is copied. */
  public static HostTensor of(float[] values, long... shape) {
    ByteBuffer buffer = allocate(values.length * (long) Float.BYTES);
    buffer.asFloatBuffer().put(values);
    return new HostTensor(DType.FLOAT32, shape, buffer);
  }

  /** A host tensor of 64-bit integers; the array is copied. */
  public static HostTensor of(long[] values, long... shape) {
    ByteBuffer buffer = allocate(values.length * (long) Long.BYTES);
    buffer.asLongBuffer().put(values);
    return new HostTensor(DType.INT64, shape, buffer);
  }

  /** A host tensor of unsigned bytes; the array is not copied. */
  public static HostTensor of(byte[] values, long... shape) {
    return new HostTensor(DType.UINT8, shape, ByteBuffer.wrap(values));
  }

  /** A scalar 64-bit integer. */
  public static HostTensor scalar(long value) {
    return of(new long[] {value});
  }

  /** A scalar 32-bit float. */
  public static HostTensor scalar(float value) {
    return of(new float[] {value});
  }

  /** Number of elements. */
  public long count() {
    return byteSize(dtype, shape) / dtype.bytes();
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  /** A view of the bytes with its own position; little-endian. */
  @Override
  public ByteBuffer data() {
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Element {@code i} in row-major order, widened to double. */
  public double get(int i) {
    return switch (dtype) {
      case FLOAT64 -> data.getDouble(i * 8);
      case FLOAT32 -> data.getFloat(i * 4);
      case FLOAT16 -> halfToFloat(data.getShort(i * 2));
      case BFLOAT16 -> Float.intBitsToFloat(data.getShort(i * 2) << 16);
      case INT64 -> data.getLong(i * 8);
      case INT32 -> data.getInt(i * 4);
      case INT16 -> data.getShort(i * 2);
      case INT8 -> data.get(i);
      case UINT8 -> data.get(i) & 0xFF;
      case BOOL -> data.get(i) != 0 ? 1 : 0;
    };
  }

  /** All elements in row-major order as 32-bit floats. */
  public float[] toFloats() {
    float[] values = new float[Math.toIntExact(count())];
    if (dtype == DType.FLOAT32) {
      data().asFloatBuffer().get(values);
    } else {
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) get(i);
      }
    }
    return values;
  }

  /** All elements in row-major order as 64-bit integers; floating values are truncated. */
  public long[] toLongs() {
    long[] values = new long[Math.toIntExact(count())];
    for (int i = 0; i < values.length; i++) {
      values[i] = dtype == DType.INT64 ? data.getLong(i * 8) : (long) get(i);
    }
    return values;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HostTensor that
        && dtype == that.dtype
        && Arrays.equals(shape, that.shape)
        && data.equals(that.data);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(shape) + dtype.hashCode();
  }

  @Override
  public String toString() {
    return dtype + Arrays.toString(shape);
  }

  private static ByteBuffer allocate(long bytes) {
    return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static float halfToFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >> 10) & 0x1F;
    int fraction = half & 0x3FF;
    if (exponent == 0) {
      float magnitude = fraction * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    int bits = exponent == 31 ? 0x7F800000 : (exponent + 112) << 23;
    return Float.intBitsToFloat(sign | bits | (fraction << 13));
  }
}
