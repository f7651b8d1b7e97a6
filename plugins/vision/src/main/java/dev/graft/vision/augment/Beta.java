package dev.graft.vision.augment;

import java.util.random.RandomGenerator;

/** Draws from the symmetric Beta distribution, as the ratio of two Gamma numbers. */
final class Beta {

  private Beta() {}

  static double draw(double alpha, RandomGenerator random) {
    double logFirst = logGamma(alpha, random);
    double logSecond = logGamma(alpha, random);
    // In logarithms: for a small alpha both numbers may be too small for a double.
    return 1 / (1 + Math.exp(logSecond - logFirst));
  }

  /**
   * The logarithm of a Gamma(shape, 1) number. Source: Marsaglia and Tsang 2000, "A simple method
   * for generating gamma variables", with their reduction of shapes below 1.
   */
  private static double logGamma(double shape, RandomGenerator random) {
    if (shape < 1) {
      return logGamma(shape + 1, random) + Math.log(1 - random.nextDouble()) / shape;
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double v = Math.pow(1 + c * x, 3);
      double u = 1 - random.nextDouble();
      if (v > 0 && Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
        return Math.log(d * v);
      }
    }
  }
}
