package dev.graft.tensor;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.List;

/** The gradients of many parameters as one vector: its norm, and clipping to a norm. */
public final class Gradients {

  /** Keeps a norm of 0 from dividing; PyTorch's value. */
  private static final double EPS = 1e-6;

  private Gradients() {}

  /**
   * Euclidean norm of all gradients together. Finite exactly when every element is, so one call
   * serves the divergence guard too.
   */
  public static double norm(List<Tensor> parameters) {
    if (Runtime.hasKernels()) {
      double norm = Kernels.gradientNorm(slots(parameters), parameters.size());
      if (!(norm < 0)) {
        return norm;
      }
    }
    try (Autograd off = Autograd.off();
        Scope scope = Scope.open()) {
      return plainNorm(parameters);
    }
  }

  /**
   * Scales all gradients together so that their norm is at most {@code maxNorm}; leaves them alone
   * where the norm is not finite.
   *
   * @return the norm before
   */
  @CanIgnoreReturnValue
  public static double clip(List<Tensor> parameters, double maxNorm) {
    double norm = norm(parameters);
    double factor = clipFactor(norm, maxNorm);
    if (factor < 1) {
      try (Autograd off = Autograd.off();
          Scope scope = Scope.open()) {
        parameters.stream().filter(Tensor::hasGrad).forEach(p -> p.grad().mulInPlace(factor));
      }
    }
    return norm;
  }

  static double clipFactor(double norm, double maxNorm) {
    return Double.isFinite(norm) ? Math.min(1, maxNorm / (norm + EPS)) : 1;
  }

  /** In double, so that no finite gradient overflows; one value crosses from the device. */
  static double plainNorm(List<Tensor> parameters) {
    List<Tensor> sums = new ArrayList<>();
    for (Tensor parameter : parameters) {
      if (parameter.hasGrad()) {
        try (Scope scope = Scope.open()) {
          Tensor wide = parameter.grad().to(DType.FLOAT64);
          sums.add(scope.keep(wide.mul(wide).sum()));
        }
      }
    }
    return sums.isEmpty() ? 0 : Math.sqrt(Tensor.stack(sums, 0).sum().item());
  }

  private static long[] slots(List<Tensor> parameters) {
    return parameters.stream().mapToLong(Tensor::gradientSlot).toArray();
  }
}
