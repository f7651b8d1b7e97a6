package dev.graft.tensor;

import java.util.List;

/**
 * How a gradient becomes an update: {@code g} is the gradient after clipping, {@code p} the
 * parameter, {@code t} the number of its updates counted from 1; {@code lr} and {@code decay} come
 * with each parameter. Weight decay is an L2 penalty, {@code g += decay · p}, or decoupled from the
 * gradient, {@code p *= 1 - lr · decay} (Loshchilov and Hutter, 2019).
 */
public sealed interface UpdateRule {

  /** Names of the tensors kept per parameter, as PyTorch's optimizers call them. */
  List<String> slots();

  /** Whether decay shrinks the parameter itself. */
  boolean decoupled();

  /** The same rule with another momentum (Adam: {@code beta1}), for schedules that move it. */
  UpdateRule withMomentum(double momentum);

  /**
   * Adam. {@code m += (1 - beta1) (g - m)}; {@code v = beta2 v + (1 - beta2) g²}; {@code p -= lr /
   * (1 - beta1^t) · m / (sqrt(v / (1 - beta2^t)) + eps)}. Kingma and Ba, 2015.
   *
   * @param beta1 memory of the mean, in [0, 1)
   * @param beta2 memory of the mean square, in [0, 1)
   * @param eps added to the denominator, at least 0
   * @param decoupled AdamW
   */
  record Adam(double beta1, double beta2, double eps, boolean decoupled) implements UpdateRule {

    public Adam {
      requireFraction("beta1", beta1);
      requireFraction("beta2", beta2);
      if (!(eps >= 0)) {
        throw new IllegalArgumentException("eps %s; use 0 or more".formatted(eps));
      }
    }

    @Override
    public List<String> slots() {
      return List.of("exp_avg", "exp_avg_sq");
    }

    @Override
    public Adam withMomentum(double momentum) {
      return new Adam(momentum, beta2, eps, decoupled);
    }
  }

  /**
   * Stochastic gradient descent. With momentum {@code b = momentum · b + (1 - dampening) g} ({@code
   * b = g} the first time) and {@code g = b}, or {@code g + momentum · b} for Nesterov's; {@code p
   * -= lr · g}. Sutskever et al., 2013.
   *
   * @param momentum in [0, 1); 0 keeps no buffer
   * @param dampening in [0, 1]
   * @param nesterov looks ahead along the buffer; needs momentum and no dampening
   * @param decoupled SGDW
   */
  record Sgd(double momentum, double dampening, boolean nesterov, boolean decoupled)
      implements UpdateRule {

    public Sgd {
      requireFraction("momentum", momentum);
      if (!(dampening >= 0 && dampening <= 1)) {
        throw new IllegalArgumentException("dampening %s; use 0 to 1".formatted(dampening));
      }
      if (nesterov && (momentum == 0 || dampening != 0)) {
        throw new IllegalArgumentException(
            "Nesterov momentum with momentum %s and dampening %s; it needs momentum above 0 and no"
                    .formatted(momentum, dampening)
                + " dampening");
      }
    }

    @Override
    public List<String> slots() {
      return momentum == 0 ? List.of() : List.of("momentum_buffer");
    }

    @Override
    public Sgd withMomentum(double value) {
      return new Sgd(value, dampening, nesterov, decoupled);
    }
  }

  private static void requireFraction(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          "%s %s; use a number from 0 to below 1".formatted(name, value));
    }
  }
}
