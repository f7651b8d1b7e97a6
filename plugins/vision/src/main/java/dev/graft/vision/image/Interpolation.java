package dev.graft.vision.image;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How a value between pixels is found. Names and numbers are Pillow's, which the published
 * preprocessing files use.
 */
public enum Interpolation {
  /** The pixel that lies there. */
  NEAREST(0, 0),
  /** Windowed sinc over three pixels to each side. */
  LANCZOS(1, 3),
  /** Triangle over one pixel to each side. */
  BILINEAR(2, 1),
  /** Keys' cubic with a = -0.5 over two pixels to each side. */
  BICUBIC(3, 2),
  /** Mean of the pixels covered. */
  BOX(4, 0.5),
  /** Hamming-windowed sinc over one pixel to each side. */
  HAMMING(5, 1);

  private final int code;
  private final double support;

  Interpolation(int code, double support) {
    this.code = code;
    this.support = support;
  }

  /** Pillow's number for it, the value of {@code resample} in many preprocessing files. */
  public int code() {
    return code;
  }

  /** Half the filter's width in source pixels; 0 for {@link #NEAREST}, which is no filter. */
  double support() {
    return support;
  }

  /**
   * The filter's weight at a distance from its centre.
   *
   * @param x distance in source pixels, negative to the left
   */
  double weight(double x) {
    double distance = Math.abs(x);
    return switch (this) {
      case NEAREST -> throw new IllegalStateException("nearest is not a filter");
      case BOX -> x > -0.5 && x <= 0.5 ? 1 : 0;
      case BILINEAR -> distance < 1 ? 1 - distance : 0;
      case HAMMING -> distance < 1 ? sinc(x) * (0.54 + 0.46 * Math.cos(Math.PI * x)) : 0;
      case BICUBIC -> cubic(distance, -0.5);
      case LANCZOS -> x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
    };
  }

  /** Keys' cubic convolution kernel at a distance, no unit; {@code a} sets its sharpness. */
  static double cubic(double distance, double a) {
    if (distance < 1) {
      return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
    }
    if (distance < 2) {
      return (((distance - 5) * distance + 8) * distance - 4) * a;
    }
    return 0;
  }

  private static double sinc(double x) {
    double angle = Math.PI * x;
    return x == 0 ? 1 : Math.sin(angle) / angle;
  }

  /** Finds one by its name in any case, as in {@code "bilinear"}. */
  public static Interpolation of(String name) {
    for (Interpolation value : values()) {
      if (value.name().equals(name.toUpperCase(Locale.ROOT))) {
        return value;
      }
    }
    throw new IllegalArgumentException(
        "interpolation '%s' is not known; there are %s".formatted(name, known()));
  }

  /** Finds one by Pillow's number. */
  public static Interpolation of(int code) {
    for (Interpolation value : values()) {
      if (value.code == code) {
        return value;
      }
    }
    throw new IllegalArgumentException(
        "interpolation number %d is not known; there are %s".formatted(code, known()));
  }

  private static String known() {
    return Arrays.stream(values()).map(v -> v.code + " = " + v).collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
