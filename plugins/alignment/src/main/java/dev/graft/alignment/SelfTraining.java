package dev.graft.alignment;

import dev.graft.tensor.DType;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;

/** Losses of a model that teaches itself on what it is sure of. */
final class SelfTraining {

  private SelfTraining() {}

  /** 1 where the highest probability of a row of logits (N, K) passes the threshold, else 0. */
  static Tensor sure(Tensor logits, double threshold) {
    Tensor probabilities = Nn.softmax(logits.detach(), -1);
    return probabilities.topk(1).values().squeeze(1).gt(threshold).to(logits.dtype());
  }

  /**
   * Cross entropy with the labels that the model guesses itself, of the rows it is sure of, over
   * all rows.
   *
   * @param logits (N, K) that learn
   * @param guesses (N, K) that the labels are made of, without gradient
   */
  static Tensor pseudoLabels(Tensor logits, Tensor guesses, double threshold) {
    Tensor picked =
        Nn.logSoftmax(logits, -1).gather(1, Discrimination.labels(guesses).unsqueeze(1));
    return picked.squeeze(1).mul(sure(guesses, threshold)).mean().neg();
  }

  /**
   * Divergence from sharpened guesses, of the rows the model is sure of, over those rows.
   *
   * @param temperature below 1 sharpens
   */
  static Tensor consistency(Tensor logits, Tensor guesses, double threshold, double temperature) {
    Tensor wanted = Nn.logSoftmax(guesses.detach().div(temperature), -1);
    Tensor log = Nn.logSoftmax(logits, -1);
    Tensor rows = wanted.exp().mul(wanted.sub(log)).sum(false, 1);
    Tensor sure = sure(guesses, threshold);
    double count = sure.to(DType.FLOAT64).sum().item();
    return rows.mul(sure).sum().div(Math.max(1, count));
  }
}
