package dev.graft.train.optim;

import dev.graft.model.Parameter;
import dev.graft.tensor.Tensor;
import java.util.List;

/** The gradients of several parameters taken together. */
public final class Gradients {

  private Gradients() {}

  /** Euclidean norm of all gradients as one vector; parameters without one count nothing. */
  public static double norm(List<Parameter> parameters) {
    return dev.graft.tensor.Gradients.norm(tensors(parameters));
  }

  /**
   * Scales all gradients down, together, where their norm is above the bound. Gradients that are
   * not finite stay as they are: the caller sees it in the norm.
   *
   * @param bound largest norm allowed, &gt; 0
   * @return the norm before
   */
  public static double clip(List<Parameter> parameters, double bound) {
    return dev.graft.tensor.Gradients.clip(tensors(parameters), bound);
  }

  private static List<Tensor> tensors(List<Parameter> parameters) {
    return parameters.stream().map(Parameter::tensor).toList();
  }
}
