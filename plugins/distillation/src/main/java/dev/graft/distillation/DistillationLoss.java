package dev.graft.distillation;

import dev.graft.layers.Module;
import dev.graft.spi.Step;
import dev.graft.tensor.Tensor;
import java.util.Map;

/** The loss of a method at work in one phase, with what it trains and remembers. */
@FunctionalInterface
public interface DistillationLoss extends AutoCloseable {

  /**
   * The loss of a micro-batch, a scalar.
   *
   * @param teacher carries no gradient
   * @param part targets and positions of the examples
   */
  Tensor of(Heard student, Heard teacher, Step.Part part);

  /** Layers that train with the student and are not exported, by name. */
  default Map<String, Module> parts() {
    return Map.of();
  }

  /** Called once before the first update; may read the data. */
  default void prepare() {}

  /** What a snapshot must keep beside the parts, by name; complete after {@link #prepare}. */
  default Map<String, Tensor> memory() {
    return Map.of();
  }

  /** Frees the memory; the parts are closed by the caller. */
  @Override
  default void close() {
    memory().values().forEach(Tensor::close);
  }
}
