package dev.graft.train.optim;

import dev.graft.tensor.Autograd;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An exponential moving average of tensors that keep changing: a model's weights and buffers.
 *
 * <p>Buffers belong into it: averaged weights with the statistics of the last batches would not fit
 * together. Tensors of integers (counters) are copied, not averaged.
 */
public final class MovingAverage implements AutoCloseable {

  private final double decay;
  private final Map<String, Tensor> live;
  private final Map<String, Tensor> averages = new LinkedHashMap<>();

  /**
   * An average that starts at the present values.
   *
   * @param live the tensors to follow, by name, for example {@code model.state()}
   * @param decay share of the old average that an update keeps, from 0 to below 1
   */
  public MovingAverage(Map<String, Tensor> live, double decay) {
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException(
          "the decay of a moving average is %s; allowed: from 0 to below 1".formatted(decay));
    }
    this.decay = decay;
    this.live = new LinkedHashMap<>(live);
    try (Autograd off = Autograd.off()) {
      live.forEach((name, tensor) -> averages.put(name, Scope.release(tensor.copy())));
    }
  }

  /** Moves the average towards the present values; once per update of the model. */
  public void update() {
    try (Autograd off = Autograd.off()) {
      averages.forEach(
          (name, average) -> {
            if (average.dtype().isFloating()) {
              average.lerpInPlace(live.get(name), 1 - decay);
            } else {
              average.copyInPlace(live.get(name));
            }
          });
    }
  }

  /** Exchanges average and present values: the model evaluates as the average until the next. */
  public void swap() {
    try (Autograd off = Autograd.off()) {
      averages.forEach(
          (name, average) -> {
            try (Scope scope = Scope.open()) {
              Tensor present = live.get(name).copy();
              live.get(name).copyInPlace(average);
              average.copyInPlace(present);
            }
          });
    }
  }

  /** The averages by name. */
  public Map<String, HostTensor> state() {
    Map<String, HostTensor> result = new LinkedHashMap<>();
    averages.forEach((name, average) -> result.put(name, average.toHost()));
    return result;
  }

  /**
   * Takes over what {@link #state()} returned.
   *
   * @throws IllegalArgumentException if a name is missing
   */
  public void restore(Map<String, HostTensor> state) {
    averages.forEach(
        (name, average) -> {
          HostTensor saved = state.get(name);
          if (saved == null) {
            throw new IllegalArgumentException(
                "no moving average of '%s'; there are %s".formatted(name, state.keySet()));
          }
          try (Scope scope = Scope.open()) {
            average.copyInPlace(Tensor.of(saved));
          }
        });
  }

  @Override
  public void close() {
    averages.values().forEach(Tensor::close);
  }
}
