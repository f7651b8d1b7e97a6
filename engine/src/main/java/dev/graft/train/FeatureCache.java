package dev.graft.train;

import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Outputs of the frozen prefix for every example of a data set, in one memory-mapped file per
 * tensor. Rows stand at the example's position; a batch is one native gather.
 *
 * <p>A file is a stretch of rows without header, FLOAT32, or INT64 where the tensor was; the
 * folder's name is a digest of everything the values depend on, so a folder that exists under its
 * final name is complete and right.
 */
final class FeatureCache {

  /** Bytes that one mapping covers at most; Java maps less than 2 GiB at once. */
  private static final long SEGMENT_BYTES = 1L << 30;

  private static final String SKIPPED = "skipped.txt";

  /**
   * One named tensor of all rows.
   *
   * @param dtype of its elements
   * @param rowShape shape of one row
   * @param rowsPerSegment rows in every mapping but the last
   * @param segments mappings, in order
   */
  private record Column(
      DType dtype, long[] rowShape, int rowsPerSegment, List<ByteBuffer> segments) {}

  /** Endings of the files by what is in them. */
  private static final Map<DType, String> ENDINGS =
      Map.of(DType.FLOAT32, "f32", DType.INT64, "i64");

  private final Map<String, Column> columns;
  private final BitSet skipped;
  private final long bytes;

  private FeatureCache(Map<String, Column> columns, BitSet skipped, long bytes) {
    this.columns = columns;
    this.skipped = skipped;
    this.bytes = bytes;
  }

  /** Size of all values in bytes. */
  long bytes() {
    return bytes;
  }

  /** True if the example could be read. */
  boolean has(int index) {
    return !skipped.get(index);
  }

  /** The rows of some examples, stacked in the given order. */
  NamedTensors gather(int[] indices) {
    Map<String, Tensor> result = new LinkedHashMap<>();
    columns.forEach((name, column) -> result.put(name, gather(column, indices)));
    return NamedTensors.of(result);
  }

  private static Tensor gather(Column column, int[] indices) {
    if (column.segments.size() == 1) {
      long[] rows = Arrays.stream(indices).asLongStream().toArray();
      return segment(column, 0).indexSelect(0, Tensor.of(rows, rows.length));
    }
    List<Tensor> rows = new ArrayList<>();
    for (int index : indices) {
      rows.add(
          segment(column, index / column.rowsPerSegment).select(0, index % column.rowsPerSegment));
    }
    return Tensor.stack(rows, 0);
  }

  private static Tensor segment(Column column, int number) {
    ByteBuffer buffer = column.segments.get(number);
    long rowBytes = HostTensor.byteSize(column.dtype, column.rowShape);
    long[] shape = new long[column.rowShape.length + 1];
    shape[0] = buffer.capacity() / rowBytes;
    System.arraycopy(column.rowShape, 0, shape, 1, column.rowShape.length);
    return Tensor.view(buffer.duplicate(), column.dtype, shape);
  }

  /** Opens a cache that is complete. */
  static FeatureCache open(Path folder) throws IOException {
    Map<String, Column> columns = new LinkedHashMap<>();
    BitSet skipped = new BitSet();
    long bytes = 0;
    for (String line : Files.readAllLines(folder.resolve(SKIPPED))) {
      skipped.set(Integer.parseInt(line));
    }
    List<Path> files;
    try (var list = Files.list(folder)) {
      files = list.filter(file -> !file.endsWith(SKIPPED)).sorted().toList();
    }
    for (Path file : files) {
      String[] parts = file.getFileName().toString().split("\\.");
      long[] rowShape = Arrays.stream(parts[1].split("x")).mapToLong(Long::parseLong).toArray();
      DType dtype = parts[2].equals(ENDINGS.get(DType.INT64)) ? DType.INT64 : DType.FLOAT32;
      columns.put(parts[0], map(file, dtype, rowShape));
      bytes += Files.size(file);
    }
    return new FeatureCache(columns, skipped, bytes);
  }

  private static Column map(Path file, DType dtype, long[] rowShape) throws IOException {
    long rowBytes = HostTensor.byteSize(dtype, rowShape);
    int rowsPerSegment = (int) Math.max(1, SEGMENT_BYTES / rowBytes);
    long segmentBytes = rowsPerSegment * rowBytes;
    List<ByteBuffer> segments = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (long start = 0; start < channel.size(); start += segmentBytes) {
        long length = Math.min(segmentBytes, channel.size() - start);
        segments.add(
            channel
                .map(FileChannel.MapMode.READ_ONLY, start, length)
                .order(ByteOrder.LITTLE_ENDIAN));
      }
    }
    return new Column(dtype, rowShape, rowsPerSegment, segments);
  }

  /** Writes a cache beside its final place and moves it there when it is complete. */
  static final class Writer implements AutoCloseable {

    private final Path target;
    private final Path temporary;
    private final Map<String, FileChannel> channels = new LinkedHashMap<>();
    private final List<String> skipped = new ArrayList<>();
    private int rows;

    Writer(Path target) throws IOException {
      this.target = target;
      Files.createDirectories(target.getParent());
      this.temporary = Files.createTempDirectory(target.getParent(), ".features");
    }

    /** Appends rows for the examples at {@code indices}, which follow those written before. */
    void append(NamedTensors values, int[] indices) throws IOException {
      for (Map.Entry<String, Tensor> entry : values.asMap().entrySet()) {
        Tensor tensor = entry.getValue();
        DType dtype = tensor.dtype() == DType.INT64 ? DType.INT64 : DType.FLOAT32;
        HostTensor host = tensor.to(dtype).toHost();
        long[] rowShape = Arrays.copyOfRange(host.shape(), 1, host.shape().length);
        FileChannel channel = channel(entry.getKey(), dtype, rowShape);
        int rowBytes = Math.toIntExact(HostTensor.byteSize(dtype, rowShape));
        for (int i = 0; i < indices.length; i++) {
          ByteBuffer row = host.data().slice(i * rowBytes, rowBytes);
          long position = indices[i] * (long) rowBytes;
          while (row.hasRemaining()) {
            position += channel.write(row, position);
          }
        }
      }
      for (int index : indices) {
        skipUpTo(index);
        rows = index + 1;
      }
    }

    private void skipUpTo(int index) {
      for (int missing = rows; missing < index; missing++) {
        skipped.add(String.valueOf(missing));
      }
    }

    private FileChannel channel(String name, DType dtype, long[] rowShape) throws IOException {
      FileChannel channel = channels.get(name);
      if (channel == null) {
        String shape = String.join("x", Arrays.stream(rowShape).mapToObj(Long::toString).toList());
        Path file = temporary.resolve(name + "." + shape + "." + ENDINGS.get(dtype));
        channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        channels.put(name, channel);
      }
      return channel;
    }

    /** Completes the cache of {@code size} examples. */
    FeatureCache finish(int size) throws IOException {
      skipUpTo(size);
      Files.write(temporary.resolve(SKIPPED), skipped);
      for (FileChannel channel : channels.values()) {
        channel.force(true);
        channel.close();
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      return open(target);
    }

    @Override
    public void close() throws IOException {
      for (FileChannel channel : channels.values()) {
        channel.close();
      }
      if (Files.exists(temporary)) {
        try (var files = Files.list(temporary)) {
          for (Path file : files.toList()) {
            Files.delete(file);
          }
        }
        Files.delete(temporary);
      }
    }
  }
}
