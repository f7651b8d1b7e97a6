package dev.graft.alignment;

import dev.graft.tensor.Tensor;

/** Maximum mean discrepancy with Gaussian kernels. */
final class Kernels {

  private Kernels() {}

  /** Squared distances between all rows, (N, N), by differences: exact where rows are close. */
  private static Tensor squaredDistances(Tensor rows) {
    return rows.unsqueeze(0).sub(rows.unsqueeze(1)).pow(2).sum(false, 2);
  }

  /**
   * Sum of Gaussian kernels whose σ² is a multiple of the mean squared distance, which is not
   * differentiated.
   */
  static Tensor adaptive(Tensor rows, double... multiples) {
    Tensor distances = squaredDistances(rows);
    Tensor mean = distances.detach().mean().add(1e-30);
    Tensor sum = null;
    for (double multiple : multiples) {
      Tensor kernel = distances.div(mean).mul(-0.5 / multiple).exp();
      sum = sum == null ? kernel : sum.add(kernel);
    }
    return sum;
  }

  /** A Gaussian kernel of a fixed width. */
  static Tensor fixed(Tensor rows, double sigma) {
    return squaredDistances(rows).mul(-0.5 / (sigma * sigma)).exp();
  }

  /**
   * The squared discrepancy of two sets of rows, without the diagonal, whose share is put back as
   * if every kernel were 1 there.
   *
   * @param kernel (N + M, N + M), the N rows of the source first
   * @param source N, at least 2; M is at least 2 too
   */
  static Tensor discrepancy(Tensor kernel, long source) {
    long target = kernel.size(0) - source;
    if (source < 2 || target < 2) {
      throw new IllegalArgumentException(
          "a discrepancy needs 2 examples of each domain, the batch has %d and %d"
              .formatted(source, target));
    }
    Tensor own = within(kernel.narrow(0, 0, source).narrow(1, 0, source));
    Tensor other = within(kernel.narrow(0, source, target).narrow(1, source, target));
    Tensor between = kernel.narrow(0, 0, source).narrow(1, source, target).mean();
    double diagonal = 1.0 / (source - 1) + 1.0 / (target - 1);
    return own.add(other).sub(between.mul(2)).add(diagonal);
  }

  /** Mean of all elements but the diagonal. */
  private static Tensor within(Tensor square) {
    long n = square.size(0);
    Tensor off = Tensor.eye(n).neg().add(1).to(square.dtype());
    return square.mul(off).sum().div((double) (n * (n - 1)));
  }
}
