package dev.graft.tensor;

import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.global.torch;

/** Linear algebra on matrices, as pure functions; leading dimensions are batches of matrices. */
public final class Linalg {

  private Linalg() {}

  /**
   * Thin singular value decomposition {@code M = U diag(s) V^T} with k = min(n, m).
   *
   * @param u (…, n, k)
   * @param s largest first, (…, k)
   * @param vt (…, k, m)
   */
  public record Svd(Tensor u, Tensor s, Tensor vt) {}

  /**
   * Thin decomposition {@code M = Q R} with k = min(n, m).
   *
   * @param q orthonormal columns, (…, n, k)
   * @param r upper triangular, (…, k, m)
   */
  public record Qr(Tensor q, Tensor r) {}

  /** Singular values and vectors of a matrix (…, n, m). */
  public static Svd svd(Tensor matrix) {
    try (StringViewOptional driver = new StringViewOptional();
        T_TensorTensorTensor_T result = torch.linalg_svd(matrix.handle(), false, driver)) {
      return new Svd(
          Tensor.copyOf(result.get0()), Tensor.copyOf(result.get1()), Tensor.copyOf(result.get2()));
    }
  }

  /** Orthonormal and triangular factor of a matrix (…, n, m). */
  public static Qr qr(Tensor matrix) {
    try (T_TensorTensor_T result = torch.linalg_qr(matrix.handle())) {
      return new Qr(Tensor.copyOf(result.get0()), Tensor.copyOf(result.get1()));
    }
  }

  /** Inverse of a square matrix (…, n, n). */
  public static Tensor inverse(Tensor matrix) {
    return Tensor.wrap(torch.linalg_inv(matrix.handle()));
  }

  /** Kronecker product: sizes multiply in every dimension. */
  public static Tensor kronecker(Tensor a, Tensor b) {
    return Tensor.wrap(torch.kron(a.handle(), b.handle()));
  }

  /** Real part of the inverse Fourier transform over the two last dimensions: (…, n, m) to same. */
  public static Tensor inverseFourier(Tensor spectrum) {
    try (org.bytedeco.pytorch.Tensor complex = torch.fft_ifft2(spectrum.handle());
        org.bytedeco.pytorch.Tensor parts = torch.view_as_real(complex)) {
      return Tensor.wrap(parts.select(-1, 0));
    }
  }
}
