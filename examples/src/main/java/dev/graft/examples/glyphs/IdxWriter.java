package dev.graft.examples.glyphs;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Writes images and labels in the IDX format of the MNIST files, gzipped.
 *
 * <p>The header is the bytes {@code 0 0 8 n} (unsigned bytes, n dimensions) and n big-endian 32-bit
 * sizes; the values follow row by row.
 */
public final class IdxWriter {
  private static final int UNSIGNED_BYTE = 8;

  private IdxWriter() {}

  /** Writes grey images {@code (N, H, W)}, each given as {@code H * W} bytes. */
  static void images(Path file, List<byte[]> images, int height, int width) throws IOException {
    try (DataOutputStream out = open(file, images.size(), height, width)) {
      for (byte[] image : images) {
        if (image.length != height * width) {
          throw new IllegalArgumentException(
              "Image of %d bytes for %s; expected %d x %d = %d"
                  .formatted(image.length, file, height, width, height * width));
        }
        out.write(image);
      }
    }
  }

  /** Writes RGB images {@code (N, H, W, 3)}, each given as {@code H * W * 3} bytes. */
  public static void colours(Path file, List<byte[]> images, int height, int width)
      throws IOException {
    try (DataOutputStream out = open(file, images.size(), height, width, 3)) {
      for (byte[] image : images) {
        if (image.length != height * width * 3) {
          throw new IllegalArgumentException(
              "Image of %d bytes for %s; expected %d x %d x 3"
                  .formatted(image.length, file, height, width));
        }
        out.write(image);
      }
    }
  }

  /** Writes labels {@code (N)}, each 0 to 255. */
  public static void labels(Path file, List<Integer> labels) throws IOException {
    try (DataOutputStream out = open(file, labels.size())) {
      for (int label : labels) {
        if (label < 0 || label > 255) {
          throw new IllegalArgumentException(
              "Label %d for %s; IDX bytes hold 0 to 255".formatted(label, file));
        }
        out.writeByte(label);
      }
    }
  }

  private static DataOutputStream open(Path file, int... sizes) throws IOException {
    DataOutputStream out = new DataOutputStream(new SmallestGzip(Files.newOutputStream(file)));
    out.writeShort(0);
    out.writeByte(UNSIGNED_BYTE);
    out.writeByte(sizes.length);
    for (int size : sizes) {
      out.writeInt(size);
    }
    return out;
  }

  /** Gzip at the highest level, which its constructor cannot ask for. */
  private static final class SmallestGzip extends GZIPOutputStream {
    SmallestGzip(OutputStream out) throws IOException {
      super(out, 1 << 16);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }
}
