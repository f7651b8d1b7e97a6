package dev.graft.weights;

import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * One tensor of a weight file: its type and shape at once, its values when they are asked for.
 *
 * <p>Values that lie in the file as they are needed are a view of it; a strided or compressed
 * tensor is laid out anew at each {@link #read()}.
 */
public final class StoredTensor {

  private final DType dtype;
  private final long[] shape;
  private final Supplier<ByteBuffer> values;

  /** A tensor whose values, row-major and little-endian, the supplier gives. */
  StoredTensor(DType dtype, long[] shape, Supplier<ByteBuffer> values) {
    this.dtype = dtype;
    this.shape = shape;
    this.values = values;
  }

  static StoredTensor of(HostTensor tensor) {
    return new StoredTensor(tensor.dtype(), tensor.shape(), tensor::data);
  }

  /** Element type. */
  public DType dtype() {
    return dtype;
  }

  /** Sizes, outermost first; empty for a scalar. */
  public long[] shape() {
    return shape.clone();
  }

  /** Size of the values in bytes. */
  public long byteSize() {
    return HostTensor.byteSize(dtype, shape);
  }

  /**
   * The values.
   *
   * @throws WeightFormatException if the tensor is above 2 GiB, or its compressed data are broken
   */
  public HostTensor read() {
    return new HostTensor(dtype, shape, values.get());
  }

  @Override
  public String toString() {
    return dtype + Arrays.toString(shape);
  }
}
