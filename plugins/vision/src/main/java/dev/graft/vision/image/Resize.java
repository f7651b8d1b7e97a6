package dev.graft.vision.image;

import java.util.Arrays;

/**
 * Resizing of 8-bit images, bit for bit as Pillow does it.
 *
 * <p>A filter is applied along rows first, then along columns, with weights in fixed point (22 bits
 * after the point) and the intermediate image rounded to 8 bits. Shrinking antialiases. {@link
 * Interpolation#NEAREST} takes the pixel under the target's middle. The loops work on integers and
 * allocate nothing but the two result arrays. Source: Pillow's {@code Image.resize}.
 */
public final class Resize {

  /** 32 bits less 8 of the pixel and 2 for filters that overshoot. */
  private static final int PRECISION = 22;

  private static final int HALF = 1 << (PRECISION - 1);

  private Resize() {}

  /** An image of another size; the same image where the size is already right. */
  public static Image to(Image image, int width, int height, Interpolation interpolation) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "cannot resize to %d x %d; both must be at least 1".formatted(width, height));
    }
    if (width == image.width() && height == image.height()) {
      return image;
    }
    if (interpolation == Interpolation.NEAREST) {
      return nearest(image, width, height);
    }
    Image wide = width == image.width() ? image : alongRows(image, width, interpolation);
    return height == image.height() ? wide : alongColumns(wide, height, interpolation);
  }

  /**
   * Shorter side to the given length, the longer one to {@code (int) (length * longer / shorter)},
   * torchvision's rule.
   */
  public static Image shortestEdge(Image image, int length, Interpolation interpolation) {
    int shorter = Math.min(image.width(), image.height());
    int width = (int) ((long) length * image.width() / shorter);
    int height = (int) ((long) length * image.height() / shorter);
    return to(image, width, height, interpolation);
  }

  private static Image alongRows(Image image, int width, Interpolation interpolation) {
    ResampleWeights table = ResampleWeights.of(image.width(), width, interpolation);
    int[] weights = table.fixedPoint(PRECISION);
    byte[] out =
        new byte[Math.multiplyExact(Math.multiplyExact(width, image.height()), image.channels())];
    for (int y = 0; y < image.height(); y++) {
      int rowIn = y * image.width() * image.channels();
      int rowOut = y * width * image.channels();
      if (image.channels() == 3) {
        rgbRow(image.pixels(), rowIn, table, weights, out, rowOut);
      } else {
        grayRow(image.pixels(), rowIn, table, weights, out, rowOut);
      }
    }
    return new Image(width, image.height(), image.channels(), out);
  }

  private static void rgbRow(
      byte[] in, int rowIn, ResampleWeights table, int[] weights, byte[] out, int rowOut) {
    int[] first = table.first();
    int[] count = table.count();
    for (int x = 0; x < first.length; x++) {
      int red = HALF;
      int green = HALF;
      int blue = HALF;
      int at = rowIn + first[x] * 3;
      int end = x * table.width() + count[x];
      for (int k = x * table.width(); k < end; k++, at += 3) {
        int weight = weights[k];
        red += (in[at] & 0xFF) * weight;
        green += (in[at + 1] & 0xFF) * weight;
        blue += (in[at + 2] & 0xFF) * weight;
      }
      int to = rowOut + x * 3;
      out[to] = clip(red);
      out[to + 1] = clip(green);
      out[to + 2] = clip(blue);
    }
  }

  private static void grayRow(
      byte[] in, int rowIn, ResampleWeights table, int[] weights, byte[] out, int rowOut) {
    int[] first = table.first();
    int[] count = table.count();
    for (int x = 0; x < first.length; x++) {
      int sum = HALF;
      int at = rowIn + first[x];
      int end = x * table.width() + count[x];
      for (int k = x * table.width(); k < end; k++, at++) {
        sum += (in[at] & 0xFF) * weights[k];
      }
      out[rowOut + x] = clip(sum);
    }
  }

  private static Image alongColumns(Image image, int height, Interpolation interpolation) {
    ResampleWeights table = ResampleWeights.of(image.height(), height, interpolation);
    int[] weights = table.fixedPoint(PRECISION);
    byte[] in = image.pixels();
    int stride = image.width() * image.channels();
    byte[] out = new byte[Math.multiplyExact(stride, height)];
    int[] sums = new int[stride];
    for (int y = 0; y < height; y++) {
      Arrays.fill(sums, HALF);
      for (int k = 0; k < table.count()[y]; k++) {
        int weight = weights[y * table.width() + k];
        int row = (table.first()[y] + k) * stride;
        for (int x = 0; x < stride; x++) {
          sums[x] += (in[row + x] & 0xFF) * weight;
        }
      }
      for (int x = 0; x < stride; x++) {
        out[y * stride + x] = clip(sums[x]);
      }
    }
    return new Image(image.width(), height, image.channels(), out);
  }

  private static byte clip(int fixed) {
    return (byte) Math.min(Math.max(fixed >> PRECISION, 0), 255);
  }

  private static Image nearest(Image image, int width, int height) {
    int[] columns = nearestSource(image.width(), width);
    int[] rows = nearestSource(image.height(), height);
    int channels = image.channels();
    byte[] in = image.pixels();
    byte[] out = new byte[Math.multiplyExact(Math.multiplyExact(width, height), channels)];
    int to = 0;
    for (int y = 0; y < height; y++) {
      int row = rows[y] * image.width();
      for (int x = 0; x < width; x++) {
        int at = (row + columns[x]) * channels;
        for (int c = 0; c < channels; c++) {
          out[to++] = in[at + c];
        }
      }
    }
    return new Image(width, height, channels, out);
  }

  /** The position is summed up step by step, as Pillow does it: rounding decides ties. */
  private static int[] nearestSource(int sourceSize, int targetSize) {
    double step = (double) sourceSize / targetSize;
    double position = step * 0.5;
    int[] source = new int[targetSize];
    for (int i = 0; i < targetSize; i++) {
      source[i] = Math.min((int) position, sourceSize - 1);
      position += step;
    }
    return source;
  }
}
