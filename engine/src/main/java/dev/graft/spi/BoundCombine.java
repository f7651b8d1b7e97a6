package dev.graft.spi;

import dev.graft.model.Parameter;
import dev.graft.plan.TermSpec;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A rule for the losses of several terms at work in one phase. The loop calls it in this order:
 *
 * <pre>
 * for each update:
 *   for each micro-batch:
 *     forward, losses
 *     weigh                the losses as they count
 *     backward             of their sum; where the rule wants gradients apart, of each
 *   merge                  only then: one gradient out of those of the terms
 *   optimizer step
 *   afterUpdate
 * </pre>
 */
public interface BoundCombine extends AutoCloseable {

  /**
   * The losses of an update, or what has come together of it.
   *
   * @param terms those that count in this update, in the order of the phase
   * @param losses mean loss of each over the batch, its weight in the plan included, before {@link
   *     #weigh}
   * @param update number of the update in the phase, from 0
   */
  record Losses(List<TermSpec> terms, double[] losses, long update) {}

  /**
   * The gradients of an update.
   *
   * @param of what they are the gradients of
   * @param parameters everything that trains
   * @param rows one list per term with one tensor per parameter
   * @param random seeded by run, phase and update
   */
  record Gradients(
      Losses of, List<Parameter> parameters, List<List<Tensor>> rows, RandomGenerator random) {}

  /**
   * The losses as they count, scalars that gradients flow through.
   *
   * @param terms those that count in this update, in the order of the phase
   * @param losses one per term, its weight in the plan included
   */
  default List<Tensor> weigh(List<TermSpec> terms, List<Tensor> losses) {
    return losses;
  }

  /** Whether it wants the gradient of each term apart; costs a backward pass per term. */
  default boolean apart() {
    return false;
  }

  /**
   * The gradient of an update, one tensor per parameter in the same order. Called in the scope of
   * the step, without recording, if the rule wants gradients apart.
   */
  default List<Tensor> merge(Gradients gradients) {
    throw new UnsupportedOperationException("this rule does not want gradients apart");
  }

  /** Called after the optimizer's step. */
  default void afterUpdate(Losses losses) {}

  /** Parameters of its own that train with the model; not exported, without weight decay. */
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
