package dev.graft.spi;

import dev.graft.model.Parameter;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * A term at work in one phase. Its hooks are called by the loop in this order:
 *
 * <pre>
 * prepare
 * for each update:
 *   for each micro-batch:
 *     beforeForward
 *     forward
 *     loss               one scalar
 *     backward
 *   afterBackward        gradients are complete
 *   optimizer step
 *   afterUpdate
 * </pre>
 */
public interface BoundTerm extends AutoCloseable {

  /**
   * What a term asks of the loop.
   *
   * @param taps outputs to record: modules by path, or {@link #FEATURES}
   * @param inputs whether the model's inputs must be there, which the feature cache does not keep
   * @param inputGradient whether gradients must reach the model's inputs
   */
  record Needs(List<String> taps, boolean inputs, boolean inputGradient) {

    /** The tap of what enters the head: the tensor {@code features}. */
    public static final String FEATURES = "features";

    /** Nothing. */
    public static final Needs NOTHING = new Needs(List.of(), false, false);

    public Needs {
      taps = List.copyOf(taps);
    }
  }

  /** What it asks of the loop. */
  default Needs needs() {
    return Needs.NOTHING;
  }

  /** Called once before the first update; may read the data. */
  default void prepare() {}

  /** Called before each forward pass. */
  default void beforeForward(Step step) {}

  /** The loss of a micro-batch, a scalar that gradients flow through. */
  Tensor loss(Step step);

  /** Called when the gradients of an update are complete, before they are clipped. */
  default void afterBackward(Step step) {}

  /** Called after the optimizer's step. */
  default void afterUpdate(Step step) {}

  /** Parameters of its own that train with the model; not exported. */
  default List<Parameter> parameters() {
    return List.of();
  }

  /** Factor on the phase's learning rate for parameters of its own. */
  default double rate() {
    return 1;
  }

  /** Everything a snapshot must keep, by name, parameters included. */
  default Map<String, Tensor> state() {
    return Map.of();
  }

  @Override
  default void close() {}
}
