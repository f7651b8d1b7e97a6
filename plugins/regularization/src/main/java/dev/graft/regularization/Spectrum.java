package dev.graft.regularization;

import dev.graft.tensor.DType;
import dev.graft.tensor.Tensor;

/**
 * Squared singular values of a matrix of features as losses.
 *
 * <p>The square of the singular value with the left singular vector u is the square of the length
 * of uᵀF, and by the theorem of Hellmann and Feynman its gradient is that of this expression with u
 * held fixed. So the vectors are computed without gradients, in double precision, from the smaller
 * of the two Gram matrices; nothing divides by differences of singular values, which are 0 where
 * rows repeat.
 */
final class Spectrum {

  private Spectrum() {}

  /** Sum of the {@code k} smallest squared singular values; all where there are fewer. */
  static Tensor smallest(Tensor features, int k) {
    return sum(features, k, /* largest= */ false);
  }

  /** Sum of the {@code k} largest squared singular values; all where there are fewer. */
  static Tensor largest(Tensor features, int k) {
    return sum(features, k, /* largest= */ true);
  }

  private static Tensor sum(Tensor features, int k, boolean largest) {
    boolean wide = features.size(0) <= features.size(1);
    Tensor rows = wide ? features : features.transpose(0, 1);
    Tensor fixed = rows.detach().to(DType.FLOAT64);
    long count = rows.size(0);
    long taken = Math.min(k, count);
    Tensor vectors =
        fixed
            .matmul(fixed.transpose(0, 1))
            .symmetricEigen()
            .vectors()
            .narrow(1, largest ? count - taken : 0, taken);
    return vectors.to(rows.dtype()).transpose(0, 1).matmul(rows).pow(2).sum();
  }
}
