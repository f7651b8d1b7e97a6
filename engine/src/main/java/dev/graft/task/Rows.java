package dev.graft.task;

import java.util.Arrays;

/** Rows of numbers and single numbers, one into the other. */
final class Rows {

  private Rows() {}

  /** A row for each number. */
  static double[][] of(double[] numbers) {
    return Arrays.stream(numbers).mapToObj(each -> new double[] {each}).toArray(double[][]::new);
  }

  /** The first number of each row. */
  static double[] first(double[][] rows) {
    return column(rows, 0);
  }

  /** One number of each row. */
  static double[] column(double[][] rows, int column) {
    return Arrays.stream(rows).mapToDouble(row -> row[column]).toArray();
  }

  /** The rows of a flat array, all of one length. */
  static double[][] cut(float[] flat, int length) {
    double[][] rows = new double[flat.length / length][length];
    for (int i = 0; i < flat.length; i++) {
      rows[i / length][i % length] = flat[i];
    }
    return rows;
  }
}
