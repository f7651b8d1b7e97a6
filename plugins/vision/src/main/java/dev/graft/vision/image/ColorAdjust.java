package dev.graft.vision.image;

import java.util.Arrays;

/**
 * Brightness, contrast, saturation, hue and sharpness of 8-bit images, as Pillow does them.
 *
 * <p>All but hue blend the image with a plainer version of itself: {@code plain + factor * (image -
 * plain)} in 32-bit floats, cut to 0 … 255 and rounded down. Factor 1 changes nothing, 0 gives the
 * plain version, above 1 moves away from it. Source: Pillow's {@code ImageEnhance}.
 */
public final class ColorAdjust {

  private ColorAdjust() {}

  /** Blends with black. */
  public static Image brightness(Image image, double factor) {
    return blend(image.blank(), image, factor);
  }

  /** Blends with the even grey of the image's mean luma. */
  public static Image contrast(Image image, double factor) {
    byte[] gray = image.toGray().pixels();
    long sum = 0;
    for (byte value : gray) {
      sum += value & 0xFF;
    }
    int mean = (int) ((double) sum / gray.length + 0.5);
    byte[] plain = image.blank();
    Arrays.fill(plain, (byte) mean);
    return blend(plain, image, factor);
  }

  /** Blends with the image in grey; a grey image stays as it is. */
  public static Image saturation(Image image, double factor) {
    return image.channels() == 1 ? image : blend(image.toGray().toRgb().pixels(), image, factor);
  }

  /** Blends with a smoothed image (3 x 3, weights 5 in the middle and 1 around). */
  public static Image sharpness(Image image, double factor) {
    return blend(smooth(image), image, factor);
  }

  /**
   * Turns the colours; a grey image stays as it is.
   *
   * @param shift part of a full turn, -0.5 … 0.5
   */
  public static Image hue(Image image, double shift) {
    if (!(shift >= -0.5 && shift <= 0.5)) {
      throw new IllegalArgumentException(
          "hue shift %s; it is a part of a full turn, -0.5 to 0.5".formatted(shift));
    }
    if (image.channels() == 1) {
      return image;
    }
    int levels = (int) (shift * 255);
    byte[] out = image.blank();
    for (int i = 0; i < out.length; i += 3) {
      Hsv.shiftHue(image.pixels(), i, levels, out);
    }
    return new Image(image.width(), image.height(), 3, out);
  }

  private static Image blend(byte[] plain, Image image, double factor) {
    if (!(factor >= 0) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException(
          "factor %s; it must be 0 or more, 1 changes nothing".formatted(factor));
    }
    float alpha = (float) factor;
    byte[] out = image.blank();
    for (int i = 0; i < out.length; i++) {
      int from = plain[i] & 0xFF;
      float value = from + alpha * ((image.pixels()[i] & 0xFF) - from);
      out[i] = (byte) (value <= 0 ? 0 : value >= 255 ? 255 : (int) value);
    }
    return new Image(image.width(), image.height(), image.channels(), out);
  }

  private static byte[] smooth(Image image) {
    float side = 1 / 13f;
    float middle = 5 / 13f;
    byte[] in = image.pixels();
    byte[] out = in.clone();
    int step = image.channels();
    int row = image.width() * step;
    for (int y = 1; y < image.height() - 1; y++) {
      for (int i = y * row + step; i < (y + 1) * row - step; i++) {
        float sum = 0.5f;
        sum += three(in, i + row, step, side, side);
        sum += three(in, i, step, side, middle);
        sum += three(in, i - row, step, side, side);
        out[i] = (byte) Math.min((int) sum, 255);
      }
    }
    return out;
  }

  private static float three(byte[] in, int i, int step, float side, float middle) {
    return (in[i - step] & 0xFF) * side + (in[i] & 0xFF) * middle + (in[i + step] & 0xFF) * side;
  }
}
