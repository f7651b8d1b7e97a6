package dev.graft.vision.image;

import java.util.function.IntUnaryOperator;

/**
 * Operations on 8-bit images that replace each value by another, whatever its neighbours are.
 *
 * <p>Each builds a table of 256 entries, for all channels or for each, and looks every value up.
 * Values are exactly those of Pillow's {@code ImageOps}.
 */
public final class ToneCurves {

  private ToneCurves() {}

  /** The negative: {@code 255 - v}. */
  public static Image invert(Image image) {
    return apply(image, v -> 255 - v);
  }

  /** Keeps the highest bits of each value, 1 … 8. */
  public static Image posterize(Image image, int bits) {
    if (bits < 1 || bits > 8) {
      throw new IllegalArgumentException("posterize to %d bits; 1 to 8 work".formatted(bits));
    }
    int mask = 0xFF << (8 - bits);
    return apply(image, v -> v & mask);
  }

  /** Inverts every value from the threshold on; 256 changes nothing, 0 inverts all. */
  public static Image solarize(Image image, int threshold) {
    return apply(image, v -> v < threshold ? v : 255 - v);
  }

  /** {@code 255 * (v / 255)^gamma}; above 1 darkens the middle, below 1 lightens it. */
  public static Image gamma(Image image, double gamma) {
    if (!(gamma >= 0)) {
      throw new IllegalArgumentException("gamma %s; it must be 0 or more".formatted(gamma));
    }
    // 255.999 and rounding down in between: torchvision's way to give each level an equal share.
    return apply(image, v -> (int) ((255 + 1 - 1e-3) * Math.pow(v / 255.0, gamma)));
  }

  /** Stretches each channel so that its darkest value becomes 0 and its lightest 255. */
  public static Image autocontrast(Image image) {
    int[][] tables = new int[image.channels()][];
    for (int c = 0; c < tables.length; c++) {
      int[] histogram = histogram(image, c);
      int low = 0;
      int high = 255;
      while (histogram[low] == 0) {
        low++;
      }
      while (histogram[high] == 0) {
        high--;
      }
      tables[c] = stretch(low, high);
    }
    return lookUp(image, tables);
  }

  private static int[] stretch(int low, int high) {
    if (high <= low) {
      return table(v -> v);
    }
    double scale = 255.0 / (high - low);
    double offset = -low * scale;
    return table(v -> (int) (v * scale + offset));
  }

  /** Makes the values of each channel as evenly frequent as whole values allow. */
  public static Image equalize(Image image) {
    int[][] tables = new int[image.channels()][];
    for (int c = 0; c < tables.length; c++) {
      tables[c] = flatten(histogram(image, c), image.width() * image.height());
    }
    return lookUp(image, tables);
  }

  private static int[] flatten(int[] histogram, int count) {
    int last = 255;
    while (histogram[last] == 0) {
      last--;
    }
    // The lightest value is left out of the step, so that it ends at 255.
    int step = (count - histogram[last]) / 255;
    if (step == 0) {
      return table(v -> v);
    }
    int[] table = new int[256];
    int below = step / 2;
    for (int v = 0; v < 256; v++) {
      table[v] = below / step;
      below += histogram[v];
    }
    return table;
  }

  private static int[] histogram(Image image, int channel) {
    int[] histogram = new int[256];
    for (int i = channel; i < image.pixels().length; i += image.channels()) {
      histogram[image.pixels()[i] & 0xFF]++;
    }
    return histogram;
  }

  private static Image apply(Image image, IntUnaryOperator curve) {
    int[] table = table(curve);
    return lookUp(
        image, image.channels() == 1 ? new int[][] {table} : new int[][] {table, table, table});
  }

  private static int[] table(IntUnaryOperator curve) {
    int[] table = new int[256];
    for (int v = 0; v < 256; v++) {
      table[v] = curve.applyAsInt(v);
    }
    return table;
  }

  private static Image lookUp(Image image, int[][] tables) {
    byte[] out = image.blank();
    for (int i = 0; i < out.length; i++) {
      int value = tables[i % tables.length][image.pixels()[i] & 0xFF];
      out[i] = (byte) Math.min(Math.max(value, 0), 255);
    }
    return new Image(image.width(), image.height(), image.channels(), out);
  }
}
