package dev.graft.vision.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;

/**
 * Takes the stored samples out of AWT's images. Not by {@code getRGB}: that converts between colour
 * spaces and so changes grey values.
 */
final class Pixels {

  private Pixels() {}

  static Image of(BufferedImage buffered) throws IOException {
    Raster raster = buffered.getRaster();
    ColorModel model = buffered.getColorModel();
    if (model instanceof IndexColorModel palette) {
      return lookUp(raster, palette);
    }
    int bands = raster.getNumBands();
    if (bands < 1 || bands > 4) {
      throw new IOException("%d channels per pixel; 1 to 4 are read".formatted(bands));
    }
    // The second and the fourth band are transparency.
    return samples(raster, bands < 3 ? 1 : 3);
  }

  private static Image samples(Raster raster, int channels) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    int bands = raster.getNumBands();
    byte[] out = new byte[width * height * channels];
    int[] row = new int[width * bands];
    int to = 0;
    for (int y = 0; y < height; y++) {
      row = raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < channels; c++) {
          out[to++] = toByte(row[x * bands + c], raster.getSampleModel().getSampleSize(c));
        }
      }
    }
    return new Image(width, height, channels, out);
  }

  /** Few bits are spread over 0 … 255, many are cut to the upper 8. */
  private static byte toByte(int sample, int bits) {
    if (bits >= 8) {
      return (byte) (sample >> (bits - 8));
    }
    return (byte) (sample * 255 / ((1 << bits) - 1));
  }

  private static Image lookUp(Raster raster, IndexColorModel palette) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    int channels = isGray(palette) ? 1 : 3;
    byte[] out = new byte[width * height * channels];
    int[] row = new int[width];
    int to = 0;
    for (int y = 0; y < height; y++) {
      row = raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
      for (int index : row) {
        // An index beyond the palette is black.
        boolean known = index < palette.getMapSize();
        out[to++] = (byte) (known ? palette.getRed(index) : 0);
        if (channels == 3) {
          out[to++] = (byte) (known ? palette.getGreen(index) : 0);
          out[to++] = (byte) (known ? palette.getBlue(index) : 0);
        }
      }
    }
    return new Image(width, height, channels, out);
  }

  private static boolean isGray(IndexColorModel palette) {
    for (int i = 0; i < palette.getMapSize(); i++) {
      if (palette.getRed(i) != palette.getGreen(i) || palette.getRed(i) != palette.getBlue(i)) {
        return false;
      }
    }
    return true;
  }
}
