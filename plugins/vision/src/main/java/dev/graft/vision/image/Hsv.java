package dev.graft.vision.image;

/**
 * The hue of one 8-bit pixel, in Pillow's mode HSV: hue, saturation and value each in one byte, so
 * that a turn by nothing may already change a value by rounding.
 */
final class Hsv {

  private Hsv() {}

  /** Turns the hue of the pixel at {@code i} by a number of 256 levels, round and round. */
  static void shiftHue(byte[] in, int i, int levels, byte[] out) {
    int red = in[i] & 0xFF;
    int green = in[i + 1] & 0xFF;
    int blue = in[i + 2] & 0xFF;
    int max = Math.max(red, Math.max(green, blue));
    int min = Math.min(red, Math.min(green, blue));
    int hue = 0;
    int saturation = 0;
    if (max != min) {
      hue = (int) (hue(red, green, blue, max, min) * 255.0);
      saturation = (int) ((float) (max - min) / max * 255.0);
    }
    toRgb((hue + levels) & 0xFF, saturation, max, out, i);
  }

  private static float hue(int red, int green, int blue, int max, int min) {
    float range = max - min;
    float toRed = (max - red) / range;
    float toGreen = (max - green) / range;
    float toBlue = (max - blue) / range;
    float sixth;
    if (red == max) {
      sixth = toBlue - toGreen;
    } else if (green == max) {
      sixth = (float) (2.0 + toRed - toBlue);
    } else {
      sixth = (float) (4.0 + toGreen - toRed);
    }
    return (float) ((sixth / 6.0 + 1.0) % 1.0);
  }

  private static void toRgb(int hue, int saturation, int value, byte[] out, int i) {
    if (saturation == 0) {
      put(out, i, value, value, value);
      return;
    }
    int sector = (int) (hue * 6.0 / 255.0);
    float part = (float) (hue * 6.0 / 255.0 - sector);
    float s = (float) (saturation / 255.0);
    int p = round(value * (1.0 - s));
    int q = round(value * (1.0 - s * part));
    int t = round(value * (1.0 - s * (1.0 - part)));
    switch (sector % 6) {
      case 0 -> put(out, i, value, t, p);
      case 1 -> put(out, i, q, value, p);
      case 2 -> put(out, i, p, value, t);
      case 3 -> put(out, i, p, q, value);
      case 4 -> put(out, i, t, p, value);
      default -> put(out, i, value, p, q);
    }
  }

  private static int round(double value) {
    return Math.min(Math.max((int) Math.floor(value + 0.5), 0), 255);
  }

  private static void put(byte[] out, int i, int red, int green, int blue) {
    out[i] = (byte) red;
    out[i + 1] = (byte) green;
    out[i + 2] = (byte) blue;
  }
}
