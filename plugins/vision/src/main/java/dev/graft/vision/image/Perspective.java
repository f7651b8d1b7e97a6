package dev.graft.vision.image;

import java.util.Arrays;

/**
 * The eight numbers of a perspective map {@code x' = (k0 x + k1 y + k2) / (k6 x + k7 y + 1), y' =
 * (k3 x + k4 y + k5) / (k6 x + k7 y + 1)} that takes four points to four others: a linear system of
 * eight equations, solved by Gaussian elimination with row exchange.
 */
final class Perspective {

  private static final int UNKNOWNS = 8;

  private Perspective() {}

  static double[] coefficients(double[][] from, double[][] to) {
    if (from.length != 4 || to.length != 4) {
      throw new IllegalArgumentException(
          "%d and %d points; a perspective takes four to four".formatted(from.length, to.length));
    }
    double[][] rows = new double[UNKNOWNS][];
    for (int i = 0; i < 4; i++) {
      double x = from[i][0];
      double y = from[i][1];
      double u = to[i][0];
      double v = to[i][1];
      rows[2 * i] = new double[] {x, y, 1, 0, 0, 0, -u * x, -u * y, u};
      rows[2 * i + 1] = new double[] {0, 0, 0, x, y, 1, -v * x, -v * y, v};
    }
    eliminate(rows, from);
    double[] solution = new double[UNKNOWNS];
    for (int i = 0; i < UNKNOWNS; i++) {
      solution[i] = rows[i][UNKNOWNS] / rows[i][i];
    }
    return solution;
  }

  private static void eliminate(double[][] rows, double[][] from) {
    for (int column = 0; column < UNKNOWNS; column++) {
      int pivot = column;
      for (int row = column + 1; row < UNKNOWNS; row++) {
        if (Math.abs(rows[row][column]) > Math.abs(rows[pivot][column])) {
          pivot = row;
        }
      }
      double[] top = rows[pivot];
      rows[pivot] = rows[column];
      rows[column] = top;
      if (Math.abs(top[column]) < 1e-12) {
        throw new IllegalArgumentException(
            "three of the points %s lie on one line; take four corners"
                .formatted(Arrays.deepToString(from)));
      }
      for (int row = 0; row < UNKNOWNS; row++) {
        if (row != column) {
          double factor = rows[row][column] / top[column];
          for (int k = column; k <= UNKNOWNS; k++) {
            rows[row][k] -= factor * top[k];
          }
        }
      }
    }
  }
}
