package dev.graft.examples.glyphs;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * A gzipped IDX file read back byte by byte, on purpose without the project's own reader: a mistake
 * that writer and reader share would not show.
 */
record IdxFile(int[] shape, byte[] values) {

  static IdxFile read(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new GZIPInputStream(Files.newInputStream(file)))) {
      int magic = in.readInt();
      if (magic >>> 8 != 8) {
        throw new IOException("%s starts with %08x".formatted(file, magic));
      }
      int[] shape = new int[magic & 0xff];
      int count = 1;
      for (int i = 0; i < shape.length; i++) {
        shape[i] = in.readInt();
        count *= shape[i];
      }
      byte[] values = in.readAllBytes();
      if (values.length != count) {
        throw new IOException("%s has %d values for %d".formatted(file, values.length, count));
      }
      return new IdxFile(shape, values);
    }
  }
}
