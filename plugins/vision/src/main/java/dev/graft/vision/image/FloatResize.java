package dev.graft.vision.image;

import java.util.function.DoubleUnaryOperator;

/**
 * Resizing of float images as PyTorch's {@code interpolate} does it with {@code align_corners}
 * false.
 *
 * <p>With antialiasing the filters are Pillow's, in floats. Without it the filter keeps its width
 * when shrinking, so source pixels are skipped; the border is repeated, and the cubic kernel is the
 * sharper one with a = -0.75.
 */
public final class FloatResize {

  private static final double PLAIN_CUBIC = -0.75;

  private FloatResize() {}

  /**
   * An image of another size.
   *
   * @param antialias true to widen the filter when shrinking; {@link Interpolation#NEAREST} has
   *     none
   * @param interpolation any with antialiasing; nearest, bilinear or bicubic without
   */
  public static FloatImage to(
      FloatImage image, int height, int width, Interpolation interpolation, boolean antialias) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "cannot resize to %d x %d; both must be at least 1".formatted(width, height));
    }
    Taps columns = Taps.of(image.width(), width, interpolation, antialias);
    Taps rows = Taps.of(image.height(), height, interpolation, antialias);
    float[] out =
        new float[Math.multiplyExact(Math.multiplyExact(image.channels(), height), width)];
    float[] wide = new float[image.height() * width];
    for (int c = 0; c < image.channels(); c++) {
      int plane = c * image.height() * image.width();
      for (int y = 0; y < image.height(); y++) {
        for (int x = 0; x < width; x++) {
          wide[y * width + x] = columns.mix(image.values(), plane + y * image.width(), 1, x);
        }
      }
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          out[(c * height + y) * width + x] = rows.mix(wide, x, width, y);
        }
      }
    }
    return new FloatImage(image.channels(), height, width, out);
  }

  /**
   * Source positions and weights of each target position along one axis.
   *
   * @param positions {@code [target][k]} source position
   * @param weights {@code [target][k]} weight
   */
  private record Taps(int[][] positions, float[][] weights) {

    static Taps of(int source, int target, Interpolation interpolation, boolean antialias) {
      if (interpolation == Interpolation.NEAREST) {
        return around(source, target, 0, distance -> 1);
      }
      if (antialias) {
        return filtered(source, target, interpolation);
      }
      return switch (interpolation) {
        case BILINEAR -> around(source, target, 1, distance -> 1 - Math.abs(distance));
        case BICUBIC ->
            around(
                source,
                target,
                2,
                distance -> Interpolation.cubic(Math.abs(distance), PLAIN_CUBIC));
        default ->
            throw new IllegalArgumentException(
                "no %s without antialiasing; take nearest, bilinear or bicubic"
                    .formatted(interpolation));
      };
    }

    private static Taps filtered(int source, int target, Interpolation interpolation) {
      ResampleWeights table = ResampleWeights.of(source, target, interpolation);
      Taps taps = new Taps(new int[target][], new float[target][]);
      for (int i = 0; i < target; i++) {
        int count = table.count()[i];
        taps.positions[i] = new int[count];
        taps.weights[i] = new float[count];
        for (int k = 0; k < count; k++) {
          taps.positions[i][k] = table.first()[i] + k;
          taps.weights[i][k] = (float) table.weights()[i * table.width() + k];
        }
      }
      return taps;
    }

    /** {@code reach} pixels to each side of the point; 0 takes the one under it. */
    private static Taps around(int source, int target, int reach, DoubleUnaryOperator kernel) {
      double scale = (double) source / target;
      Taps taps = new Taps(new int[target][], new float[target][]);
      for (int i = 0; i < target; i++) {
        double centre = reach == 0 ? Math.floor(i * scale) : (i + 0.5) * scale - 0.5;
        if (reach == 1) {
          centre = Math.max(centre, 0);
        }
        int first = (int) Math.floor(centre) - Math.max(reach - 1, 0);
        int count = Math.max(2 * reach, 1);
        taps.positions[i] = new int[count];
        taps.weights[i] = new float[count];
        for (int k = 0; k < count; k++) {
          taps.positions[i][k] = Math.min(Math.max(first + k, 0), source - 1);
          taps.weights[i][k] = (float) kernel.applyAsDouble(first + k - centre);
        }
      }
      return taps;
    }

    float mix(float[] values, int start, int step, int target) {
      int[] at = positions[target];
      float[] weight = weights[target];
      float sum = 0;
      for (int k = 0; k < at.length; k++) {
        sum += values[start + at[k] * step] * weight[k];
      }
      return sum;
    }
  }
}
