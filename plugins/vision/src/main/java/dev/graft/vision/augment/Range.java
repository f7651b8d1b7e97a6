package dev.graft.vision.augment;

import java.util.random.RandomGenerator;

/**
 * Numbers from {@code min} to {@code max}.
 *
 * @param min smallest, above 0 where drawn logarithmically
 * @param max largest, not below {@code min}
 */
public record Range(double min, double max) {

  public Range {
    if (!(min <= max)) {
      throw new IllegalArgumentException("range from %s to %s is empty".formatted(min, max));
    }
  }

  /** Refuses a number that is no probability. */
  static void requireProbability(double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException("probability %s; it is 0 to 1".formatted(value));
    }
  }

  /** A number drawn evenly. */
  double draw(RandomGenerator random) {
    return min + (max - min) * random.nextDouble();
  }

  /** A number whose logarithm is drawn evenly, so that 1/2 is as likely as 2. */
  double drawLogarithmically(RandomGenerator random) {
    return Math.exp(new Range(Math.log(min), Math.log(max)).draw(random));
  }
}
