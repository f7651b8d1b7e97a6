package dev.graft.train.optim;

import dev.graft.model.Parameter;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.List;

/** The gradients of several parameters taken together. */
public final class Gradients {

  private Gradients() {}

  /** Euclidean norm of all gradients as one vector; parameters without one count nothing. */
  public static double norm(List<Parameter> parameters) {
    try (Scope scope = Scope.open()) {
      List<Tensor> norms =
          parameters.stream()
              .map(Parameter::tensor)
              .filter(Tensor::hasGrad)
              .map(weight -> weight.grad().norm())
              .toList();
      return norms.isEmpty() ? 0 : Tensor.stack(norms, 0).norm().item();
    }
  }

  /**
   * Scales all gradients down, together, where their norm is above the bound. Gradients that are
   * not finite stay as they are: the caller sees it in the norm.
   *
   * @param bound largest norm allowed, &gt; 0
   * @return the norm before
   */
  public static double clip(List<Parameter> parameters, double bound) {
    double norm = norm(parameters);
    if (norm > bound && Double.isFinite(norm)) {
      try (Autograd off = Autograd.off();
          Scope scope = Scope.open()) {
        for (Parameter parameter : parameters) {
          if (parameter.tensor().hasGrad()) {
            parameter.tensor().grad().mulInPlace(bound / (norm + 1e-6));
          }
        }
      }
    }
    return norm;
  }
}
