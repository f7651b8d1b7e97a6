package dev.graft.examples.glyphs;

import java.util.random.RandomGenerator;

/**
 * A smooth random function over an image: Gaussian values on a coarse grid, interpolated between
 * them with a cosine ramp. It bends outlines and paints uneven paper.
 */
final class SmoothField {
  private final float[] values;
  private final int cells;

  /**
   * Draws a field.
   *
   * @param cells cells of the grid along each side; more cells change faster
   */
  SmoothField(int cells, RandomGenerator random) {
    this.cells = cells;
    this.values = new float[(cells + 1) * (cells + 1)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
  }

  /** The value at a place in pixels, about −2 to 2; places outside the image repeat its border. */
  double at(double x, double y) {
    double gx = Math.max(0, Math.min(cells, x * cells / GlyphImage.SIZE));
    double gy = Math.max(0, Math.min(cells, y * cells / GlyphImage.SIZE));
    int column = Math.min(cells - 1, (int) gx);
    int row = Math.min(cells - 1, (int) gy);
    double tx = ramp(gx - column);
    double ty = ramp(gy - row);
    int i = row * (cells + 1) + column;
    double top = values[i] + tx * (values[i + 1] - values[i]);
    int below = i + cells + 1;
    double bottom = values[below] + tx * (values[below + 1] - values[below]);
    return top + ty * (bottom - top);
  }

  private static double ramp(double t) {
    return (1 - Math.cos(Math.PI * t)) / 2;
  }
}
