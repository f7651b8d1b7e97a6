package dev.graft.train.optim;

import dev.graft.model.Parameter;
import dev.graft.spi.Optimizer;
import dev.graft.spi.Optimizer.Share;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part that all optimizers have in common: goes over the parameters that have a gradient,
 * counts their updates, keeps their slots and gives them to snapshots. The arithmetic is a {@link
 * Rule}.
 */
final class SlotUpdater implements Optimizer.Updater {

  /** The arithmetic of one optimizer. */
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

  private static final String STEP = "step";

  private final String id;
  private final List<String> names;
  private final Rule rule;
  private final Map<String, Slots> slots = new LinkedHashMap<>();
  private final List<Parameter> parameters;

  SlotUpdater(String id, List<Share> shares, List<String> names, Rule rule) {
    this.id = id;
    this.names = names;
    this.rule = rule;
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
    parameters = shares.stream().flatMap(share -> share.parameters().stream()).toList();
  }

  @Override
  public void step(double learningRate, double momentum) {
    try (Autograd off = Autograd.off();
        Scope scope = Scope.open()) {
      double scale = rule.gradientScale(parameters);
      for (Slots state : slots.values()) {
        if (state.weight().hasGrad()) {
          update(state, learningRate, momentum, scale);
        }
      }
    }
  }

  private void update(Slots state, double learningRate, double momentum, double scale) {
    try (Scope scope = Scope.open()) {
      Tensor gradient = state.weight().grad();
      if (scale != 1) {
        gradient = gradient.mul(scale);
      }
      state.setSteps(state.steps() + 1);
      rule.update(state, gradient, learningRate * state.rate(), momentum);
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
      Tensor tensor = Tensor.of(value).to(state.weight().dtype()).to(state.weight().device());
      state.put(slot, tensor);
    }
  }

  @Override
  public void close() {
    slots.values().forEach(Slots::close);
  }
}
