package dev.graft.model;

import dev.graft.layers.ParameterKind;
import dev.graft.tensor.Tensor;

/**
 * A trainable tensor of a model under its full name.
 *
 * @param name the name published weights use, for example {@code layer1.0.conv1.weight}
 * @param group name of the group it belongs to
 * @param kind what it does
 * @param tensor the values; owned by the model
 */
public record Parameter(String name, String group, ParameterKind kind, Tensor tensor) {

  /** Number of elements. */
  public long count() {
    return tensor.count();
  }
}
