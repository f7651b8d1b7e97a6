package dev.graft.train.optim;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;

/** Multinomial logistic regression with an L2 penalty, solved to its minimum. */
public final class LogisticRegression {

  private LogisticRegression() {}

  /**
   * What was fitted; {@code softmax(x · weightᵀ + bias)} are the probabilities.
   *
   * @param weight (classes, D), FLOAT64
   * @param bias (classes), FLOAT64; sums to 0
   * @param solution value of the objective, iterations and why it stopped
   */
  public record Fit(HostTensor weight, HostTensor bias, Lbfgs.Solution solution) {}

  /**
   * Minimises mean cross entropy + ½ · l2 · ‖weight‖². In the terms of scikit-learn, l2 is 1 / (N ·
   * C).
   *
   * @param features (N, D), FLOAT32 or FLOAT64, which is the precision of the computation
   * @param labels (N), INT64, from 0
   * @param classes number of classes, those without an example included
   * @param l2 strength of the penalty; 0 has a minimum only where no class can be told apart
   */
  public static Fit fit(Tensor features, Tensor labels, int classes, double l2) {
    LinearFit fit =
        LinearFit.of(features, classes, logits -> Nn.crossEntropy(logits, labels, 0), l2, null);
    return new Fit(fit.weight(), fit.bias(), fit.solution());
  }
}
