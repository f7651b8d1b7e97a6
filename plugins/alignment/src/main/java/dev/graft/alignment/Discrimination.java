package dev.graft.alignment;

import dev.graft.layers.Activation;
import dev.graft.layers.Linear;
import dev.graft.layers.Sequential;
import dev.graft.tensor.DType;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.List;

/** Telling two domains apart: discriminators and their loss. */
final class Discrimination {

  private Discrimination() {}

  /** Three linear layers with ReLU between them: (N, in) to (N, out). */
  static Sequential network(long in, long width, long out) {
    try (Scope scope = Scope.open()) {
      return new Sequential(
          new Linear(in, width),
          new Activation(Activation.Function.RELU),
          new Linear(width, width),
          new Activation(Activation.Function.RELU),
          new Linear(width, out));
    }
  }

  /** A network with one hidden layer: (N, in) to (N, out). */
  static Sequential head(long in, long width, long out) {
    try (Scope scope = Scope.open()) {
      return new Sequential(
          new Linear(in, width), new Activation(Activation.Function.RELU), new Linear(width, out));
    }
  }

  /**
   * Mean binary cross entropy of "is of the source".
   *
   * @param logits (N, 1), rows of the source first
   * @param source number of rows of the source
   * @param weights of rows, (N), or null for all alike
   */
  static Tensor loss(Tensor logits, long source, Tensor weights) {
    Tensor two = Tensor.cat(List.of(logits, logits.zerosLike()), 1);
    Tensor log = Nn.logSoftmax(two, 1);
    long target = logits.size(0) - source;
    Tensor rows =
        Tensor.cat(
            List.of(
                log.select(1, 0).narrow(0, 0, source), log.select(1, 1).narrow(0, source, target)),
            0);
    return (weights == null ? rows : rows.mul(weights)).mean().neg();
  }

  /** Weights of rows of probabilities (N, K): sure ones count up to twice; their mean is 1. */
  static Tensor entropyWeights(Tensor probabilities) {
    Tensor entropy = probabilities.mul(probabilities.add(1e-5).log()).sum(false, 1).neg();
    Tensor weights = entropy.neg().exp().add(1);
    return weights.div(weights.mean());
  }

  /** Outer products, class by class: probabilities (N, K) and features (N, D) to (N, K · D). */
  static Tensor outer(Tensor probabilities, Tensor features) {
    return probabilities.unsqueeze(2).matmul(features.unsqueeze(1)).flatten(1);
  }

  /** Rows of both domains, the source's first. */
  static Tensor joined(Tensor source, Tensor target) {
    return Tensor.cat(List.of(source, target), 0);
  }

  /** Position of the largest value of each row, (N) INT64, without gradient. */
  static Tensor labels(Tensor logits) {
    return logits.detach().argmax(1).to(DType.INT64);
  }
}
