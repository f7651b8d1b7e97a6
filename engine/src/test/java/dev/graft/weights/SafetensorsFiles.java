package dev.graft.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Assembles safetensors files byte by byte, right ones and wrong ones. */
final class SafetensorsFiles {

  private SafetensorsFiles() {}

  /** A file with this header and so many zero bytes of data. */
  static byte[] file(String header, int dataBytes) {
    return file(header.getBytes(StandardCharsets.UTF_8), new byte[dataBytes]);
  }

  static byte[] file(byte[] header, byte[] data) {
    return claiming(header.length, header, data);
  }

  /** A file whose length field says something else. */
  static byte[] claiming(long headerLength, byte[] header, byte[] data) {
    return ByteBuffer.allocate(8 + header.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(headerLength)
        .put(header)
        .put(data)
        .array();
  }

  /** The header's entry of one tensor. */
  static String entry(String name, String dtype, String shape, long begin, long end) {
    return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
        .formatted(name, dtype, shape, begin, end);
  }

  /** A header with one F32 tensor, its fields given as they stand in the file. */
  static String one(String shape, String offsets) {
    return "{\"t\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":%s}}".formatted(shape, offsets);
  }

  static Weights read(byte[] bytes) {
    return WeightFiles.read(FileBytes.of(bytes), ReadOptions.defaults(), "x.safetensors");
  }
}
