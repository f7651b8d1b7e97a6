package dev.graft.tensor;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Tensors by name, immutable: what goes into a model ({@code pixels}, {@code input_ids}, {@code
 * attention_mask}), what flows between its groups ({@code hidden}, {@code features}) and what comes
 * out ({@code logits}).
 */
public final class NamedTensors {

  private final Map<String, Tensor> tensors;

  private NamedTensors(Map<String, Tensor> tensors) {
    this.tensors = tensors;
  }

  /** One tensor. */
  public static NamedTensors of(String name, Tensor tensor) {
    return new NamedTensors(Map.of(name, tensor));
  }

  /** A copy of the map; its order is kept. */
  public static NamedTensors of(Map<String, Tensor> tensors) {
    return new NamedTensors(Collections.unmodifiableMap(new LinkedHashMap<>(tensors)));
  }

  /**
   * The tensor of a name.
   *
   * @throws IllegalArgumentException if there is none; the message lists what exists
   */
  public Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "no tensor named '%s'; there are %s".formatted(name, tensors.keySet()));
    }
    return tensor;
  }

  /** True if there is a tensor of this name. */
  public boolean has(String name) {
    return tensors.containsKey(name);
  }

  /** The names, in order. */
  public Set<String> names() {
    return tensors.keySet();
  }

  /** The same tensors and one more, or one replaced. */
  public NamedTensors with(String name, Tensor tensor) {
    Map<String, Tensor> copy = new LinkedHashMap<>(tensors);
    copy.put(name, tensor);
    return of(copy);
  }

  /** The tensors as a map that cannot be changed. */
  public Map<String, Tensor> asMap() {
    return tensors;
  }

  /** Hands all tensors to the scope around the given one. */
  @CanIgnoreReturnValue
  public NamedTensors keptBy(Scope scope) {
    tensors.values().forEach(scope::keep);
    return this;
  }

  @Override
  public String toString() {
    return tensors.toString();
  }
}
