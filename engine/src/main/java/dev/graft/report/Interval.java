package dev.graft.report;

/**
 * An interval that holds the true value in 95 of 100 repetitions.
 *
 * @param low lower end
 * @param high upper end
 */
public record Interval(double low, double high) {

  /** The 97.5 % quantile of the normal distribution. */
  private static final double Z = 1.959963984540054;

  /**
   * Wilson's score interval of a share. Unlike the textbook interval it stays inside 0 to 1 and is
   * right for few examples and for shares near the ends.
   *
   * <p>Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference,
   * Journal of the American Statistical Association 22 (1927).
   *
   * @param part number of examples that count, from 0 to {@code whole}
   * @param whole number of all examples, at least 1
   */
  public static Interval ofShare(long part, long whole) {
    if (whole < 1 || part < 0 || part > whole) {
      throw new IllegalArgumentException(
          "%d of %d is no share; allowed: 0 to all of at least 1".formatted(part, whole));
    }
    double n = whole;
    double share = part / n;
    double square = Z * Z;
    double centre = (share + square / (2 * n)) / (1 + square / n);
    double half = Z / (1 + square / n) * Math.sqrt(share * (1 - share) / n + square / (4 * n * n));
    return new Interval(Math.max(0, centre - half), Math.min(1, centre + half));
  }

  /** Distance of the ends. */
  public double width() {
    return high - low;
  }
}
