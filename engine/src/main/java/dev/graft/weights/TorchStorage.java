package dev.graft.weights;

import dev.graft.tensor.DType;
import dev.graft.weights.WeightFormatException.Reason;
import java.nio.ByteBuffer;

/**
 * A one-dimensional run of elements that tensors are views of.
 *
 * <p>In a zip checkpoint it is known at once where a storage lies. In a legacy one the storages
 * follow the objects that refer to them: {@link #locate} is called when that point is reached.
 */
final class TorchStorage {

  /** Gives the bytes of a range of the storage. */
  @FunctionalInterface
  interface Source {
    ByteBuffer slice(long from, long length);
  }

  private final DType dtype;
  private final long count;
  private final long fileSize;
  private Source source;

  /**
   * A storage of {@code count} elements.
   *
   * @param fileSize size of the file it lies in: no view of it may become larger than that
   */
  TorchStorage(DType dtype, long count, long fileSize) {
    if (count < 0 || count > Long.MAX_VALUE / dtype.bytes()) {
      throw new WeightFormatException(
          Reason.BAD_SHAPE, "a storage of %d elements of type %s".formatted(count, dtype));
    }
    this.dtype = dtype;
    this.count = count;
    this.fileSize = fileSize;
  }

  DType dtype() {
    return dtype;
  }

  long count() {
    return count;
  }

  long byteSize() {
    return count * dtype.bytes();
  }

  long fileSize() {
    return fileSize;
  }

  /** Says where the bytes are. */
  void locate(Source found) {
    source = found;
  }

  /** The part that begins at element {@code offset} and has {@code size} elements. */
  TorchStorage part(long offset, long size) {
    if (offset < 0 || size < 0 || offset > count - size) {
      throw new WeightFormatException(
          Reason.BAD_VIEW,
          "a part of %d elements at %d of a storage of %d".formatted(size, offset, count));
    }
    TorchStorage part = new TorchStorage(dtype, size, fileSize);
    long shift = offset * dtype.bytes();
    part.locate((from, length) -> slice(shift + from, length));
    return part;
  }

  ByteBuffer slice(long from, long length) {
    if (source == null) {
      throw new WeightFormatException(
          Reason.TRUNCATED, "the data of a storage are missing; fetch the file again");
    }
    return source.slice(from, length);
  }
}
