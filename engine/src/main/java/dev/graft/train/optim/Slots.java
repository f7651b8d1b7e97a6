package dev.graft.train.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.graft.model.Parameter;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an optimizer keeps for one parameter: tensors of the parameter's shape by name, and a count
 * of its own updates, so that a parameter that joins later has its own bias correction.
 */
final class Slots implements AutoCloseable {

  private final Parameter parameter;
  private final double rate;
  private final double decay;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private long steps;

  Slots(Parameter parameter, double rate, double decay) {
    this.parameter = parameter;
    this.rate = rate;
    this.decay = decay;
  }

  Tensor weight() {
    return parameter.tensor();
  }

  /** Factor on the learning rate. */
  double rate() {
    return rate;
  }

  /** Weight decay of this parameter. */
  double decay() {
    return decay;
  }

  /** Updates so far, the running one included. */
  long steps() {
    return steps;
  }

  void setSteps(long value) {
    steps = value;
  }

  boolean has(String slot) {
    return tensors.containsKey(slot);
  }

  /** The tensor of a slot; zeros at its first use. */
  Tensor get(String slot) {
    Tensor tensor = tensors.get(slot);
    return tensor == null ? put(slot, weight().zerosLike()) : tensor;
  }

  /** Takes ownership of the tensor. */
  @CanIgnoreReturnValue
  Tensor put(String slot, Tensor tensor) {
    Tensor old = tensors.put(slot, Scope.release(tensor));
    if (old != null) {
      old.close();
    }
    return tensor;
  }

  Map<String, Tensor> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    tensors.values().forEach(Tensor::close);
    tensors.clear();
  }
}
