package dev.graft.layers;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A node of a network: named parameters, named buffers and named children.
 *
 * <p>The full name of a tensor is the path to it, joined by dots, exactly as the ecosystem the
 * network comes from writes it ({@code layer1.0.conv1.weight}). A module owns its tensors until
 * {@link #close()}; they belong to no scope. Forward passes may run on several threads at once as
 * long as nobody trains.
 */
public abstract class Module implements AutoCloseable {

  /**
   * A parameter as its module knows it.
   *
   * @param tensor the values
   * @param kind what it does
   */
  public record Weight(Tensor tensor, ParameterKind kind) {}

  private final Map<String, Weight> parameters = new LinkedHashMap<>();
  private final Map<String, Tensor> buffers = new LinkedHashMap<>();
  private final Map<String, Child> children = new LinkedHashMap<>();
  private boolean training;

  /** Registers a parameter and takes ownership of the tensor. */
  protected final Tensor parameter(String name, ParameterKind kind, Tensor initial) {
    parameters.put(name, new Weight(Scope.release(initial), kind));
    return initial;
  }

  /** Registers a tensor that is saved but not trained, and takes ownership of it. */
  protected final Tensor buffer(String name, Tensor initial) {
    buffers.put(name, Scope.release(initial));
    return initial;
  }

  /** Registers a child; call it through the handle, so that it can be wrapped later. */
  @CanIgnoreReturnValue
  protected final Child child(String name, Layer layer) {
    Child child = new Child(layer);
    if (children.put(name, child) != null) {
      throw new IllegalArgumentException("a child named '%s' exists already".formatted(name));
    }
    return child;
  }

  /**
   * Takes another module's place: its parameters, buffers and children are from now on this one's
   * too, under the same names, and closed with it. For wrappers, so that published weights load
   * into a wrapped network as into a bare one.
   */
  protected final void adopt(Module other) {
    parameters.putAll(other.parameters);
    buffers.putAll(other.buffers);
    children.putAll(other.children);
    training = other.training;
  }

  /** Forgets a parameter or buffer of this module and gives it back to the caller. */
  protected final Tensor drop(String name) {
    Weight weight = parameters.remove(name);
    Tensor dropped = weight == null ? buffers.remove(name) : weight.tensor();
    if (dropped == null) {
      throw new IllegalArgumentException(
          "no parameter or buffer '%s'; there are %s and %s"
              .formatted(name, parameters.keySet(), buffers.keySet()));
    }
    return dropped;
  }

  /** Forgets a child and gives its layer to the caller. */
  protected final Layer dropChild(String name) {
    Child child = children.remove(name);
    if (child == null) {
      throw new IllegalArgumentException(
          "no child '%s'; there are %s".formatted(name, children.keySet()));
    }
    return child.layer();
  }

  /** Parameters of this module alone, in order of registration. */
  public final Map<String, Weight> parameters() {
    return Collections.unmodifiableMap(parameters);
  }

  /** Buffers of this module alone, in order of registration. */
  public final Map<String, Tensor> buffers() {
    return Collections.unmodifiableMap(buffers);
  }

  /** Children in order of registration. */
  public final Map<String, Child> children() {
    return Collections.unmodifiableMap(children);
  }

  /** Visits this module and all below it with their paths, parents first. */
  public final void walk(String path, BiConsumer<String, Module> visitor) {
    visitor.accept(path, this);
    children.forEach(
        (name, child) -> child.layer().walk(path.isEmpty() ? name : path + "." + name, visitor));
  }

  /** True in training mode: dropout drops, batch normalisation uses the batch's statistics. */
  public final boolean training() {
    return training;
  }

  /** Sets the mode of this module alone. */
  public final void setTraining(boolean value) {
    training = value;
  }

  /** Sets the mode of this module and of all below it. */
  public final void setTrainingAll(boolean value) {
    walk("", (path, module) -> module.setTraining(value));
  }

  /** Frees the tensors of this module and of all below it. */
  @Override
  public void close() {
    parameters.values().forEach(weight -> weight.tensor().close());
    buffers.values().forEach(Tensor::close);
    children.values().forEach(child -> child.layer().close());
  }
}
