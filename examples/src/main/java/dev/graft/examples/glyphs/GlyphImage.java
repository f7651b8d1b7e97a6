package dev.graft.examples.glyphs;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;

/** Operations on square grey images held as rows of floats, {@code SIZE * SIZE}. */
final class GlyphImage {
  /** Height and width of an image, in pixels. */
  static final int SIZE = 32;

  /**
   * Distance between two grey levels of the output. A coarse scale costs the eye nothing in these
   * images and halves the compressed size, because noise is what does not compress.
   */
  static final int GREY_STEP = 16;

  private GlyphImage() {}

  /** The share of each pixel that the shape covers, 0 to 1; the shape is in pixels. */
  static float[] coverage(Shape shape) {
    BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      graphics.setColor(Color.WHITE);
      graphics.fill(shape);
    } finally {
      graphics.dispose();
    }
    byte[] bytes = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    float[] coverage = new float[SIZE * SIZE];
    for (int i = 0; i < coverage.length; i++) {
      coverage[i] = (bytes[i] & 0xff) / 255f;
    }
    return coverage;
  }

  /** Blurs with a Gaussian of the given standard deviation in pixels, borders repeated. */
  static float[] blur(float[] image, double sigma) {
    int radius = (int) Math.ceil(3 * sigma);
    if (radius == 0) {
      return image.clone();
    }
    double[] kernel = new double[2 * radius + 1];
    double sum = 0;
    for (int i = -radius; i <= radius; i++) {
      kernel[i + radius] = Math.exp(-i * i / (2 * sigma * sigma));
      sum += kernel[i + radius];
    }
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] /= sum;
    }
    return convolve(convolve(image, kernel, 1, 0), kernel, 0, 1);
  }

  private static float[] convolve(float[] image, double[] kernel, int dx, int dy) {
    float[] result = new float[image.length];
    int radius = kernel.length / 2;
    for (int y = 0; y < SIZE; y++) {
      for (int x = 0; x < SIZE; x++) {
        double sum = 0;
        for (int k = -radius; k <= radius; k++) {
          int row = Math.min(SIZE - 1, Math.max(0, y + k * dy));
          int column = Math.min(SIZE - 1, Math.max(0, x + k * dx));
          sum += kernel[k + radius] * image[row * SIZE + column];
        }
        result[y * SIZE + x] = (float) sum;
      }
    }
    return result;
  }

  /** Grey values clipped to 0–255 and rounded to multiples of {@link #GREY_STEP}. */
  static byte[] quantise(float[] image) {
    byte[] bytes = new byte[image.length];
    for (int i = 0; i < bytes.length; i++) {
      int level = Math.round(image[i] / GREY_STEP);
      bytes[i] = (byte) Math.max(0, Math.min(255, level * GREY_STEP));
    }
    return bytes;
  }
}
