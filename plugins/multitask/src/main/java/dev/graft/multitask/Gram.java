package dev.graft.multitask;

/** Arithmetic with vectors that are known by their inner products alone. */
final class Gram {

  private Gram() {}

  /** Inner products of the sum of {@code weights[i]} times vector i with each vector. */
  static double[] products(double[][] gram, double[] weights) {
    double[] products = new double[weights.length];
    for (int i = 0; i < weights.length; i++) {
      products[i] = dot(gram[i], weights);
    }
    return products;
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Squared length of the sum of {@code weights[i]} times vector i; never below 0. */
  static double squaredNorm(double[][] gram, double[] weights) {
    return Math.max(0, dot(weights, products(gram, weights)));
  }

  static double[] scaled(double[] values, double factor) {
    double[] scaled = values.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= factor;
    }
    return scaled;
  }

  /** {@code count} weights that are equal and add up to 1. */
  static double[] mean(int count) {
    return scaled(GradientRule.ones(count), 1.0 / count);
  }
}
