package dev.graft.vision.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes images as files; for reports, examples and tests. */
public final class ImageEncoder {

  private ImageEncoder() {}

  /** The bytes of a PNG file; reading it gives the same values. */
  public static byte[] png(Image image) {
    return encode(image, "png");
  }

  /** The bytes of a JPEG file; a fraction of the size of a PNG, and not quite the same values. */
  public static byte[] jpeg(Image image) {
    return encode(image, "jpeg");
  }

  private static byte[] encode(Image image, String format) {
    int type = image.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR;
    BufferedImage buffered = new BufferedImage(image.width(), image.height(), type);
    int[] row = new int[image.width() * image.channels()];
    for (int y = 0; y < image.height(); y++) {
      for (int i = 0; i < row.length; i++) {
        row[i] = image.pixels()[y * row.length + i] & 0xFF;
      }
      buffered.getRaster().setPixels(0, y, image.width(), 1, row);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      if (!ImageIO.write(buffered, format, out)) {
        throw new IllegalStateException("this Java runtime has no writer for " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }
}
