package dev.graft.train.optim;

import dev.graft.model.Parameter;
import dev.graft.spi.Optimizer;
import dev.graft.spi.Optimizer.Share;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.OptimizerStep;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.tensor.UpdateRule;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;

/**
 * The part that all optimizers have in common: finds the parameters that have a gradient, counts
 * their updates, keeps their slots and gives them to snapshots. The arithmetic is a {@link Rule}
 * for one parameter after the other, or an {@link UpdateRule} for all in one call.
 */
final class SlotUpdater implements Optimizer.Updater {

  /** The arithmetic of one optimizer, parameter by parameter. */
  interface Rule {

    /**
     * Updates one parameter.
     *
     * @param slots its state and values; the count of updates includes this one
     * @param gradient its gradient; must not be changed
     * @param learningRate the factor of the parameter's share included
     * @param momentum what the schedule asks for; NaN for the rule's own
     */
    void update(Slots slots, Tensor gradient, double learningRate, double momentum);

    /** Factor on all gradients of an update, for rules that look at them together. */
    default double gradientScale(List<Parameter> parameters) {
      return 1;
    }
  }

  /** What a step does with the parameters that have a gradient. */
  private interface Arithmetic {
    void update(List<Slots> moving, double learningRate, double momentum);
  }

  private static final String STEP = "step";

  private final String id;
  private final List<String> names;
  private final Arithmetic arithmetic;
  private final Map<String, Slots> slots = new LinkedHashMap<>();

  private SlotUpdater(String id, List<Share> shares, List<String> names, Arithmetic arithmetic) {
    this.id = id;
    this.names = names;
    this.arithmetic = arithmetic;
    for (Share share : shares) {
      for (Parameter parameter : share.parameters()) {
        Slots state = new Slots(parameter, share.rate(), share.weightDecay());
        if (slots.put(parameter.name(), state) != null) {
          throw new IllegalArgumentException(
              "parameter '%s' is in two shares; each belongs to exactly one"
                  .formatted(parameter.name()));
        }
      }
    }
  }

  /** One parameter after the other. */
  static SlotUpdater oneByOne(String id, List<Share> shares, List<String> names, Rule rule) {
    List<Parameter> all = shares.stream().flatMap(share -> share.parameters().stream()).toList();
    return new SlotUpdater(
        id,
        shares,
        names,
        (moving, learningRate, momentum) -> {
          double scale = rule.gradientScale(all);
          for (Slots state : moving) {
            updateOne(rule, state, scale, learningRate, momentum);
          }
        });
  }

  private static void updateOne(
      Rule rule, Slots state, double scale, double learningRate, double momentum) {
    try (Scope scope = Scope.open()) {
      Tensor gradient = state.weight().grad();
      if (scale != 1) {
        gradient = gradient.mul(scale);
      }
      state.setSteps(state.steps() + 1);
      rule.update(state, gradient, learningRate * state.rate(), momentum);
    }
  }

  /**
   * All parameters in one call of the tensor core.
   *
   * @param rule the rule for a momentum that the schedule asks for; NaN for the rule's own
   */
  static SlotUpdater together(
      String id, List<Share> shares, List<String> names, DoubleFunction<UpdateRule> rule) {
    return new SlotUpdater(
        id,
        shares,
        names,
        (moving, learningRate, momentum) ->
            updateTogether(rule.apply(momentum), moving, learningRate));
  }

  private static void updateTogether(UpdateRule rule, List<Slots> moving, double learningRate) {
    List<OptimizerStep.Entry> entries =
        moving.stream()
            .map(
                state ->
                    new OptimizerStep.Entry(
                        state.weight(),
                        rule.slots().stream().map(state::get).toList(),
                        state.steps() + 1,
                        learningRate * state.rate(),
                        state.decay()))
            .toList();
    OptimizerStep.Outcome outcome = OptimizerStep.apply(rule, entries, Double.POSITIVE_INFINITY);
    if (!outcome.applied()) {
      throw new IllegalStateException(
          "norm of the gradients is %s, nothing was updated; look at Gradients.norm before a step"
              .formatted(outcome.gradientNorm()));
    }
    moving.forEach(state -> state.setSteps(state.steps() + 1));
  }

  @Override
  public void step(double learningRate, double momentum) {
    try (Autograd off = Autograd.off();
        Scope scope = Scope.open()) {
      List<Slots> moving =
          slots.values().stream().filter(state -> state.weight().hasGrad()).toList();
      arithmetic.update(moving, learningRate, momentum);
    }
  }

  @Override
  public Map<String, HostTensor> state() {
    Map<String, HostTensor> result = new LinkedHashMap<>();
    slots.forEach(
        (name, state) -> {
          if (state.steps() > 0) {
            result.put(name + "/" + STEP, HostTensor.scalar(state.steps()));
            state.tensors().forEach((slot, t) -> result.put(name + "/" + slot, t.toHost()));
          }
        });
    return result;
  }

  @Override
  public void restore(Map<String, HostTensor> saved) {
    for (Slots state : slots.values()) {
      state.setSteps(0);
      state.close();
    }
    saved.forEach(
        (key, value) -> {
          int slash = key.lastIndexOf('/');
          Slots state = slots.get(key.substring(0, Math.max(0, slash)));
          if (state != null) {
            restore(state, key.substring(slash + 1), key, value);
          }
        });
  }

  private void restore(Slots state, String slot, String key, HostTensor value) {
    if (slot.equals(STEP)) {
      state.setSteps(value.toLongs()[0]);
      return;
    }
    if (!names.contains(slot)) {
      throw new IllegalArgumentException(
          "state '%s' is not one of %s, which keeps %s; restore it into the optimizer that saved it"
              .formatted(key, id, names));
    }
    long[] shape = state.weight().shape();
    if (!Arrays.equals(shape, value.shape())) {
      throw new IllegalArgumentException(
          "state '%s' is %s, the parameter has shape %s"
              .formatted(key, value, Arrays.toString(shape)));
    }
    try (Scope scope = Scope.open()) {
      state.get(slot).copyInPlace(Tensor.of(value));
    }
  }

  @Override
  public void close() {
    slots.values().forEach(Slots::close);
  }
}
