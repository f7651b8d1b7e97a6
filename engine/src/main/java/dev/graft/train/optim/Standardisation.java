package dev.graft.train.optim;

import dev.graft.tensor.Autograd;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;

/**
 * Shift and scale of features to mean 0 and standard deviation 1. Features that do not vary keep
 * their scale.
 *
 * @param mean (D)
 * @param std (D), above 0
 */
record Standardisation(HostTensor mean, HostTensor std) {

  /** Statistics of features (N, D). */
  static Standardisation of(Tensor features) {
    try (Autograd off = Autograd.off();
        Scope scope = Scope.open()) {
      Tensor mean = features.mean(false, 0);
      Tensor std = features.var(false, false, 0).sqrt();
      Tensor flat = std.lt(1e-7);
      return new Standardisation(
          mean.toHost(), Tensor.where(flat, flat.to(std.dtype()), std).toHost());
    }
  }

  /** Statistics that change nothing. */
  static Standardisation none(Tensor features) {
    try (Scope scope = Scope.open()) {
      long size = features.size(1);
      return new Standardisation(
          Tensor.zeros(features.dtype(), size).toHost(),
          Tensor.full(1, features.dtype(), size).toHost());
    }
  }

  /** The features (N, D) on the new scale. */
  Tensor apply(Tensor features) {
    Tensor shift = Tensor.of(mean).to(features.dtype()).to(features.device());
    Tensor scale = Tensor.of(std).to(features.dtype()).to(features.device());
    return features.sub(shift).div(scale);
  }

  /** A head (outputs, D) for scaled features as one for features as they are. */
  HostTensor foldedWeight(HostTensor weight) {
    try (Scope scope = Scope.open()) {
      Tensor scale = Tensor.of(std).to(weight.dtype());
      return Tensor.of(weight).div(scale).toHost();
    }
  }

  /** Its bias (outputs). */
  HostTensor foldedBias(HostTensor weight, HostTensor bias) {
    try (Scope scope = Scope.open()) {
      Tensor shift = Tensor.of(mean).to(weight.dtype());
      return Tensor.of(bias).sub(Tensor.of(foldedWeight(weight)).matmul(shift)).toHost();
    }
  }
}
