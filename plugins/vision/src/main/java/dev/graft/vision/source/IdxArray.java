package dev.graft.vision.source;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * An array of bytes in the IDX format: two zeros, the type (8: unsigned bytes), the number of
 * dimensions, then big-endian sizes of 32 bits, then the values in row-major order.
 *
 * @param shape sizes, outermost first
 * @param values all bytes
 */
record IdxArray(int[] shape, byte[] values) {

  private static final int UNSIGNED_BYTES = 8;

  /**
   * Reads a file, gzipped or not.
   *
   * @throws IOException if it is not of this format or not as long as its header says
   */
  static IdxArray read(Path file) throws IOException {
    try (DataInputStream in = new DataInputStream(open(file))) {
      int magic = in.readInt();
      int dimensions = magic & 0xFF;
      if (magic >>> 8 != UNSIGNED_BYTES || dimensions < 1 || dimensions > 4) {
        throw new IOException(
            "'%s' begins with %08x; an IDX file of bytes begins with 00000801 to 00000804"
                .formatted(file, magic));
      }
      int[] shape = new int[dimensions];
      long count = 1;
      for (int i = 0; i < dimensions; i++) {
        shape[i] = in.readInt();
        if (shape[i] < 0 || count * shape[i] > Integer.MAX_VALUE - 8) {
          throw new IOException(
              "'%s' claims the shape %s; at most 2 GiB are read, split larger ones"
                  .formatted(file, Arrays.toString(shape)));
        }
        count *= shape[i];
      }
      // Grows with what is there, whatever the header claims.
      byte[] values = in.readNBytes((int) count);
      if (values.length != count || in.read() >= 0) {
        throw new IOException(
            "'%s' claims the shape %s, %d bytes, but has %s"
                .formatted(
                    file,
                    Arrays.toString(shape),
                    count,
                    values.length == count ? "more" : values.length));
      }
      return new IdxArray(shape, values);
    } catch (EOFException | ZipException e) {
      throw new IOException("'%s' is cut off or damaged: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static InputStream open(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    try {
      in.mark(2);
      boolean zipped = in.read() == 0x1F && in.read() == 0x8B;
      in.reset();
      return zipped ? new GZIPInputStream(in, 1 << 16) : in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** The bytes as numbers 0 … 255. */
  int[] toInts() {
    int[] ints = new int[values.length];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = values[i] & 0xFF;
    }
    return ints;
  }
}
