package dev.graft.weights;

import dev.graft.internal.AtomicFiles;
import dev.graft.internal.Json;
import dev.graft.tensor.HostTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the safetensors format: the same weights give the same bytes.
 *
 * <p>Tensors are ordered by falling element size, then by name: the format allows no holes, so such
 * an order alone keeps every tensor aligned to its element size. The header is filled up with
 * spaces to a multiple of 8.
 */
final class SafetensorsWriter {

  private SafetensorsWriter() {}

  static void write(Weights weights, Path target) throws IOException {
    List<String> order = new ArrayList<>(weights.names());
    order.sort(
        Comparator.comparingInt((String name) -> -weights.stored(name).dtype().bytes())
            .thenComparing(Comparator.naturalOrder()));
    AtomicFiles.write(
        target,
        temporary -> {
          try (FileChannel channel =
              FileChannel.open(
                  temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            writeFully(channel, header(weights, order));
            for (String name : order) {
              writeFully(channel, weights.get(name).data());
            }
          }
        });
  }

  private static ByteBuffer header(Weights weights, List<String> order) {
    Map<String, Object> header = new LinkedHashMap<>();
    Map<String, String> metadata = new TreeMap<>(weights.metadata());
    // Python's transformers library refuses a file that does not say this.
    metadata.putIfAbsent("format", "pt");
    header.put(SafetensorsHeader.METADATA, metadata);
    long position = 0;
    for (String name : order) {
      StoredTensor tensor = weights.stored(name);
      long end = position + HostTensor.byteSize(tensor.dtype(), tensor.shape());
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("dtype", tensor.dtype().code());
      entry.put("shape", tensor.shape());
      entry.put("data_offsets", new long[] {position, end});
      header.put(name, entry);
      position = end;
    }
    byte[] json = Json.writeCompact(header);
    int padded = (json.length + 7) / 8 * 8;
    ByteBuffer bytes = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(padded).put(json);
    while (bytes.hasRemaining()) {
      bytes.put((byte) ' ');
    }
    return bytes.flip();
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
