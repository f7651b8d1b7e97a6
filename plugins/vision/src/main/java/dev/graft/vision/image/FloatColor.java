package dev.graft.vision.image;

import java.util.Arrays;

/**
 * Brightness, contrast, saturation, hue, sharpness and gamma of float images with values 0 … 1, as
 * torchvision does them on tensors.
 *
 * <p>All but hue and gamma blend the image with a plainer version of itself, {@code factor * image
 * + (1 - factor) * plain}, cut to 0 … 1. Grey is {@code 0.2989 R + 0.587 G + 0.114 B}.
 */
public final class FloatColor {

  private FloatColor() {}

  /** Blends with black. */
  public static FloatImage brightness(FloatImage image, double factor) {
    return blend(image, new float[image.values().length], factor);
  }

  /** Blends with the even grey of the image's mean. */
  public static FloatImage contrast(FloatImage image, double factor) {
    double sum = 0;
    float[] gray = gray(image);
    for (float value : gray) {
      sum += value;
    }
    float[] plain = new float[image.values().length];
    Arrays.fill(plain, (float) (sum / gray.length));
    return blend(image, plain, factor);
  }

  /** Blends with the image in grey; one of one channel stays as it is. */
  public static FloatImage saturation(FloatImage image, double factor) {
    if (image.channels() == 1) {
      return image;
    }
    float[] gray = gray(image);
    float[] plain = new float[image.values().length];
    for (int c = 0; c < image.channels(); c++) {
      System.arraycopy(gray, 0, plain, c * gray.length, gray.length);
    }
    return blend(image, plain, factor);
  }

  /** Blends with a smoothed image (3 x 3, weights 5 in the middle and 1 around). */
  public static FloatImage sharpness(FloatImage image, double factor) {
    int width = image.width();
    float[] plain = image.values().clone();
    for (int c = 0; c < image.channels(); c++) {
      for (int y = 1; y < image.height() - 1; y++) {
        for (int x = 1; x < width - 1; x++) {
          float sum = 4 * image.at(c, y, x);
          for (int k = 0; k < 9; k++) {
            sum += image.at(c, y - 1 + k / 3, x - 1 + k % 3);
          }
          plain[(c * image.height() + y) * width + x] = sum / 13;
        }
      }
    }
    return blend(image, plain, factor);
  }

  /** {@code v^gamma}; above 1 darkens the middle, below 1 lightens it. */
  public static FloatImage gamma(FloatImage image, double gamma) {
    if (!(gamma >= 0)) {
      throw new IllegalArgumentException("gamma %s; it must be 0 or more".formatted(gamma));
    }
    float[] out = new float[image.values().length];
    for (int i = 0; i < out.length; i++) {
      out[i] = clip((float) Math.pow(image.values()[i], gamma));
    }
    return image.with(out);
  }

  /**
   * Turns the colours; an image of one channel stays as it is.
   *
   * @param shift part of a full turn, -0.5 … 0.5
   */
  public static FloatImage hue(FloatImage image, double shift) {
    if (!(shift >= -0.5 && shift <= 0.5)) {
      throw new IllegalArgumentException(
          "hue shift %s; it is a part of a full turn, -0.5 to 0.5".formatted(shift));
    }
    if (image.channels() == 1) {
      return image;
    }
    requireRgb(image);
    float[] out = new float[image.values().length];
    for (int i = 0; i < image.height() * image.width(); i++) {
      shiftHue(image, i, (float) shift, out);
    }
    return image.with(out);
  }

  private static void shiftHue(FloatImage image, int i, float shift, float[] out) {
    int plane = image.height() * image.width();
    float red = image.values()[i];
    float green = image.values()[plane + i];
    float blue = image.values()[2 * plane + i];
    float max = Math.max(red, Math.max(green, blue));
    float min = Math.min(red, Math.min(green, blue));
    float range = max - min;
    float saturation = max == min ? 0 : range / max;
    float hue = max == min ? 0 : sixths(red, green, blue, max, range) / 6 + 1;
    float turned = hue + shift;
    turned -= (float) Math.floor(turned);
    int sector = (int) Math.floor(turned * 6);
    float part = turned * 6 - sector;
    float p = clip(max * (1 - saturation));
    float q = clip(max * (1 - saturation * part));
    float t = clip(max * (1 - saturation * (1 - part)));
    float[] rgb =
        switch (sector % 6) {
          case 0 -> new float[] {max, t, p};
          case 1 -> new float[] {q, max, p};
          case 2 -> new float[] {p, max, t};
          case 3 -> new float[] {p, q, max};
          case 4 -> new float[] {t, p, max};
          default -> new float[] {max, p, q};
        };
    for (int c = 0; c < 3; c++) {
      out[c * plane + i] = rgb[c];
    }
  }

  private static float sixths(float red, float green, float blue, float max, float range) {
    float toRed = (max - red) / range;
    float toGreen = (max - green) / range;
    float toBlue = (max - blue) / range;
    if (red == max) {
      return toBlue - toGreen;
    }
    return green == max ? 2 + toRed - toBlue : 4 + toGreen - toRed;
  }

  private static float[] gray(FloatImage image) {
    if (image.channels() == 1) {
      return image.values();
    }
    requireRgb(image);
    int plane = image.height() * image.width();
    float[] in = image.values();
    float[] gray = new float[plane];
    for (int i = 0; i < plane; i++) {
      gray[i] = 0.2989f * in[i] + 0.587f * in[plane + i] + 0.114f * in[2 * plane + i];
    }
    return gray;
  }

  private static void requireRgb(FloatImage image) {
    if (image.channels() != 3) {
      throw new IllegalArgumentException(
          "%s has %d channels; colours need 1 or 3".formatted(image, image.channels()));
    }
  }

  private static FloatImage blend(FloatImage image, float[] plain, double factor) {
    if (!(factor >= 0) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException(
          "factor %s; it must be 0 or more, 1 changes nothing".formatted(factor));
    }
    float ratio = (float) factor;
    float rest = (float) (1 - factor);
    float[] out = new float[plain.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = clip(ratio * image.values()[i] + rest * plain[i]);
    }
    return image.with(out);
  }

  private static float clip(float value) {
    return Math.min(Math.max(value, 0), 1);
  }
}
