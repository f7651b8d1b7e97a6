package dev.graft.vision.image;

import java.util.Arrays;

/**
 * An image as 32-bit floats in plain Java memory, channel by channel: {@code (C, H, W)}.
 *
 * <p>The reference for what runs natively on batches, and the form of the operations that published
 * pipelines define on float tensors. The array is read-only by agreement.
 *
 * @param channels planes, at least 1
 * @param height rows, at least 1
 * @param width pixels per row, at least 1
 * @param values {@code channels * height * width} values, usually 0 … 1 before normalisation
 */
public record FloatImage(int channels, int height, int width, float[] values) {

  public FloatImage {
    long count = (long) channels * height * width;
    if (channels < 1 || height < 1 || width < 1 || count != values.length) {
      throw new IllegalArgumentException(
          "shape (%d, %d, %d) does not fit %d values; sizes are at least 1"
              .formatted(channels, height, width, values.length));
    }
  }

  /** Bytes 0 … 255 to floats 0 … 1, and channels from innermost to outermost. */
  public static FloatImage of(Image image) {
    int plane = image.width() * image.height();
    float[] values = new float[plane * image.channels()];
    for (int c = 0; c < image.channels(); c++) {
      for (int i = 0; i < plane; i++) {
        values[c * plane + i] = (image.pixels()[i * image.channels() + c] & 0xFF) / 255f;
      }
    }
    return new FloatImage(image.channels(), image.height(), image.width(), values);
  }

  /** The same values with another content; for operations that keep the shape. */
  FloatImage with(float[] other) {
    return new FloatImage(channels, height, width, other);
  }

  /** One value. */
  public float at(int channel, int y, int x) {
    return values[(channel * height + y) * width + x];
  }

  /** {@code (v - mean) / std} per channel. */
  public FloatImage normalize(double[] mean, double[] std) {
    if (mean.length != channels || std.length != channels) {
      throw new IllegalArgumentException(
          "%d means and %d standard deviations for %d channels; one of each per channel"
              .formatted(mean.length, std.length, channels));
    }
    float[] out = new float[values.length];
    int plane = height * width;
    for (int i = 0; i < out.length; i++) {
      int c = i / plane;
      out[i] = (values[i] - (float) mean[c]) / (float) std[c];
    }
    return with(out);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FloatImage that
        && channels == that.channels
        && height == that.height
        && width == that.width
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * width + height) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "float image (%d, %d, %d)".formatted(channels, height, width);
  }
}
