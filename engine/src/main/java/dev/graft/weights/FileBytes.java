package dev.graft.weights;

import dev.graft.weights.ReadOptions.Access;
import dev.graft.weights.WeightFormatException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of one file, read-only, at offsets beyond 2 GiB too.
 *
 * <p>A Java buffer ends at 2 GiB, so a larger file is held in segments. Mapped segments begin every
 * {@code stride} bytes and each reaches to the limit of a buffer or the end of the file: they
 * overlap, which costs addresses but no memory, and every range of up to {@code stride} bytes lies
 * whole in one of them. Copied segments do not overlap. A range in no single segment is copied.
 */
final class FileBytes {

  /** Files below this many bytes are copied unless asked otherwise. */
  static final long COPY_BELOW = 64L << 20;

  private static final long STRIDE = 1L << 30;

  private final long begin;
  private final long size;
  private final long stride;
  private final List<ByteBuffer> segments;

  private FileBytes(long begin, long size, long stride, List<ByteBuffer> segments) {
    this.begin = begin;
    this.size = size;
    this.stride = stride;
    this.segments = segments;
  }

  /** Bytes that are in memory already. */
  static FileBytes of(byte[] bytes) {
    return new FileBytes(
        0, bytes.length, STRIDE, List.of(ByteBuffer.wrap(bytes).asReadOnlyBuffer()));
  }

  /**
   * Opens a regular file.
   *
   * @throws IOException if it cannot be read, is no regular file or shrinks while it is read
   */
  static FileBytes open(Path path, Access access) throws IOException {
    return open(path, access, STRIDE);
  }

  static FileBytes open(Path path, Access access, long stride) throws IOException {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new IOException(path + " is no regular file; give the path of a weight file");
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      boolean copy = access == Access.COPY || (access == Access.AUTO && size < COPY_BELOW);
      List<ByteBuffer> segments = new ArrayList<>();
      for (long from = 0; from < size; from += stride) {
        segments.add(
            copy
                ? copy(channel, from, Math.min(stride, size - from), path)
                : channel.map(MapMode.READ_ONLY, from, Math.min(2 * stride - 1, size - from)));
      }
      return new FileBytes(0, size, stride, segments);
    }
  }

  /** Size in bytes of the file when it was opened, or of the range. */
  long size() {
    return size;
  }

  /** A range of these bytes as if it were a file; nothing is copied. */
  FileBytes within(long offset, long length) {
    if (offset < 0 || length < 0 || offset > size - length) {
      throw new WeightFormatException(
          Reason.TRUNCATED,
          "%d bytes at offset %d of a file of %d".formatted(length, offset, size));
    }
    return new FileBytes(begin + offset, length, stride, segments);
  }

  /**
   * A read-only, little-endian view of a range (of a copy, where it crosses copied segments).
   *
   * @throws WeightFormatException if the range is not inside the file or above 2 GiB
   */
  ByteBuffer slice(long offset, long length) {
    if (offset < 0 || length < 0 || offset > size - length) {
      throw new WeightFormatException(
          Reason.TRUNCATED,
          "%d bytes are needed at offset %d, but the file ends at %d; fetch it again"
              .formatted(length, offset, size));
    }
    if (length > Integer.MAX_VALUE) {
      throw new WeightFormatException(
          Reason.TENSOR_TOO_LARGE,
          "one tensor of %d bytes; at most %d are held in one piece, so split it"
              .formatted(length, Integer.MAX_VALUE));
    }
    if (length == 0) {
      return ByteBuffer.allocate(0);
    }
    long at = begin + offset;
    ByteBuffer segment = segments.get((int) (at / stride));
    int within = (int) (at % stride);
    ByteBuffer view =
        length <= segment.capacity() - within
            ? segment.slice(within, (int) length)
            : gather(at, (int) length);
    return view.order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Copies a range that begins at {@code from}, counted from the begin of the segments. */
  private ByteBuffer gather(long from, int length) {
    ByteBuffer whole = ByteBuffer.allocate(length);
    while (whole.hasRemaining()) {
      long at = from + whole.position();
      ByteBuffer segment = segments.get((int) (at / stride));
      int within = (int) (at % stride);
      int piece = (int) Math.min(stride, segment.capacity()) - within;
      whole.put(segment.slice(within, Math.min(whole.remaining(), piece)));
    }
    return whole.flip().asReadOnlyBuffer();
  }

  private static ByteBuffer copy(FileChannel channel, long from, long length, Path path)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(length));
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, from + buffer.position()) < 0) {
        throw new IOException(path + " became shorter while it was read; read it again");
      }
    }
    return buffer.flip().asReadOnlyBuffer();
  }
}
