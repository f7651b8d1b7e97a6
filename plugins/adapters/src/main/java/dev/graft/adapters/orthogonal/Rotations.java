package dev.graft.adapters.orthogonal;

import dev.graft.tensor.Linalg;
import dev.graft.tensor.Tensor;

/** Orthogonal matrices out of free parameters, as batches of blocks (…, n, n). */
final class Rotations {

  private Rotations() {}

  /** (M - Mᵀ) / 2. */
  static Tensor skew(Tensor matrix) {
    int last = matrix.dim() - 1;
    return matrix.sub(matrix.transpose(last - 1, last)).mul(0.5);
  }

  /** Cayley's transform (I + Q)(I - Q)⁻¹ of a skew-symmetric Q. */
  static Tensor cayley(Tensor skew) {
    Tensor one = identity(skew);
    return one.add(skew).matmul(Linalg.inverse(one.sub(skew)));
  }

  /** The first terms of the same as a series, I + 2 Q + 2 Q² + …; nearly orthogonal for small Q. */
  static Tensor neumann(Tensor skew, int terms) {
    Tensor sum = identity(skew);
    Tensor power = skew;
    for (int i = 1; i < terms; i++) {
      sum = sum.add(power.mul(2));
      power = power.matmul(skew);
    }
    return sum;
  }

  static Tensor identity(Tensor like) {
    return Tensor.eye(like.size(-1)).to(like.dtype());
  }

  /** The largest divisor of a size that is at most the limit. */
  static long divisor(long size, long limit) {
    long best = 1;
    for (long i = 1; i <= Math.min(size, limit); i++) {
      if (size % i == 0) {
        best = i;
      }
    }
    return best;
  }
}
