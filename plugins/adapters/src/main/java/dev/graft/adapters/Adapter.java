package dev.graft.adapters;

import dev.graft.tensor.DType;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A small trainable addition to one layer.
 *
 * <p>A method says how the layer's weights look with the adapter in them ({@link #adapt}); that is
 * how it is merged, and how it is computed unless the method knows a cheaper way ({@link
 * #forward}). Adapters on one layer form a chain: each sees what is below it as {@link Below}.
 *
 * <p>Its tensors carry the names that PEFT saves them under ({@code lora_A.weight}). They are
 * 32-bit floats whatever the layer is: an optimizer's second moments underflow in shorter types.
 */
public abstract class Adapter {

  /** What an adapter sits on: the layer, with the adapters that were put on it before. */
  public interface Below {

    /** Output without this adapter. */
    Tensor output(Tensor x);

    /** Weight and bias without this adapter. */
    LayerWeights weights();

    /** True in training mode, in which dropout drops. */
    boolean training();
  }

  private final Host host;
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final Map<String, Tensor> buffers = new LinkedHashMap<>();
  private double strength = 1;

  /** An adapter of a layer. */
  protected Adapter(Host host) {
    this.host = host;
  }

  /** The layer it sits on. */
  protected final Host host() {
    return host;
  }

  /** Declares a tensor that trains. */
  protected final Tensor parameter(String name, Tensor initial) {
    if (initial.dtype() != DType.FLOAT32) {
      throw new IllegalArgumentException(
          "parameter '%s' of an adapter is %s; adapters train in FLOAT32"
              .formatted(name, initial.dtype()));
    }
    parameters.put(name, Scope.release(initial));
    return initial;
  }

  /** Declares a tensor that is saved and does not train. */
  protected final Tensor buffer(String name, Tensor initial) {
    buffers.put(name, Scope.release(initial));
    return initial;
  }

  /** What trains, by the name it is saved under. */
  public final Map<String, Tensor> parameters() {
    return Collections.unmodifiableMap(parameters);
  }

  /** What is saved beside it. */
  public final Map<String, Tensor> buffers() {
    return Collections.unmodifiableMap(buffers);
  }

  /** Factor on what the adapter adds; 1 unless an {@link AdapterSet} sets another. */
  protected final double strength() {
    return strength;
  }

  final void setStrength(double value) {
    strength = value;
  }

  /** True if the adapter adds something that can be had in part: where {@link #strength} counts. */
  protected boolean hasStrength() {
    return false;
  }

  /**
   * Weight and bias of the layer with this adapter in them.
   *
   * @throws UnsupportedOperationException if no weights do what the adapter does
   */
  protected abstract LayerWeights adapt(LayerWeights below);

  /** Output of the layer with this adapter. */
  protected Tensor forward(Tensor x, Below below) {
    return host.compute(x, adapt(below.weights()));
  }

  /**
   * Output of the layer where each row of the input has an adapter of its own, all of this class
   * and over the same layer; for methods that can pick their tensors row by row.
   *
   * @param x (N, …)
   * @param rows the adapter of each row
   * @return empty if these cannot be computed at once
   */
  protected Optional<Tensor> forwardRows(Tensor x, Below below, List<Adapter> rows) {
    return Optional.empty();
  }

  /** The two factors it is a product of, for methods that are one. */
  protected Optional<Factors> factors() {
    return Optional.empty();
  }

  /**
   * The vectors it puts in front of those of its layer, (p, D), for methods that do nothing else.
   * Where they are a parameter, that is the only one.
   */
  protected Optional<Tensor> vectors() {
    return Optional.empty();
  }

  /** True if it takes over a part of the layer's weight, which then keeps the rest. */
  protected boolean changesHost() {
    return false;
  }

  /** Called once, when the adapter is put on its layer; a place to change the layer's weight. */
  protected void attached() {}
}
