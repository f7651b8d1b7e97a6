package dev.graft.vision.image;

import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A decoded image: unsigned bytes in plain Java memory, row by row, channels innermost.
 *
 * <p>Value {@code (x, y, c)} lies at {@code (y * width + x) * channels + c}. One channel is grey,
 * three are red, green, blue in this order. The array is read-only by agreement: whoever makes an
 * image gives the array away, and every operation of this package returns a new one.
 *
 * @param width pixels per row, at least 1
 * @param height rows, at least 1
 * @param channels 1 (grey) or 3 (RGB)
 * @param pixels exactly {@code width * height * channels} unsigned bytes
 */
public record Image(int width, int height, int channels, byte[] pixels) {

  public Image {
    if (width < 1 || height < 1 || (channels != 1 && channels != 3)) {
      throw new IllegalArgumentException(
          "an image of %d x %d with %d channels; width and height are at least 1, channels 1 or 3"
              .formatted(width, height, channels));
    }
    if ((long) width * height * channels != pixels.length) {
      throw new IllegalArgumentException(
          "an image of %d x %d with %d channels takes %d bytes, got %d"
              .formatted(width, height, channels, (long) width * height * channels, pixels.length));
    }
  }

  /** An image of one colour; as many values as channels, each 0 … 255. */
  public static Image filled(int width, int height, int... color) {
    byte[] pixels = new byte[Math.multiplyExact(Math.multiplyExact(width, height), color.length)];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) color[i % color.length];
    }
    return new Image(width, height, color.length, pixels);
  }

  /** A copy of the image in a host tensor (H, W, C) of unsigned bytes. */
  public static Image of(HostTensor tensor) {
    long[] shape = tensor.shape();
    if (tensor.dtype() != DType.UINT8 || shape.length != 3) {
      throw new IllegalArgumentException(
          "%s is no image; an image is UINT8 (height, width, channels)".formatted(tensor));
    }
    ByteBuffer data = tensor.data();
    byte[] pixels = new byte[data.remaining()];
    data.get(pixels);
    return new Image((int) shape[1], (int) shape[0], (int) shape[2], pixels);
  }

  /** As a host tensor (H, W, C) of unsigned bytes on the same memory. */
  public HostTensor toHost() {
    return HostTensor.of(pixels, height, width, channels);
  }

  /** An empty array of the right length for an image of this size. */
  byte[] blank() {
    return new byte[pixels.length];
  }

  /** One value, 0 … 255. */
  public int at(int x, int y, int channel) {
    return pixels[(y * width + x) * channels + channel] & 0xFF;
  }

  /** Three channels: a grey image is repeated, an RGB image is returned as it is. */
  public Image toRgb() {
    if (channels == 3) {
      return this;
    }
    byte[] rgb = new byte[pixels.length * 3];
    for (int i = 0, o = 0; i < pixels.length; i++, o += 3) {
      rgb[o] = pixels[i];
      rgb[o + 1] = pixels[i];
      rgb[o + 2] = pixels[i];
    }
    return new Image(width, height, 3, rgb);
  }

  /**
   * One channel, by ITU-R 601-2 luma in 16-bit fixed point: {@code (19595 R + 38470 G + 7471 B +
   * 32768) >> 16}, as Pillow's mode L; a grey image is returned as it is.
   */
  public Image toGray() {
    if (channels == 1) {
      return this;
    }
    byte[] gray = new byte[width * height];
    for (int i = 0, o = 0; o < gray.length; i += 3, o++) {
      gray[o] = (byte) luma(pixels[i] & 0xFF, pixels[i + 1] & 0xFF, pixels[i + 2] & 0xFF);
    }
    return new Image(width, height, 1, gray);
  }

  static int luma(int red, int green, int blue) {
    return (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Image that
        && width == that.width
        && height == that.height
        && channels == that.channels
        && Arrays.equals(pixels, that.pixels);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * width + height) + Arrays.hashCode(pixels);
  }

  @Override
  public String toString() {
    return "%d x %d %s".formatted(width, height, channels == 1 ? "grey" : "RGB");
  }
}
