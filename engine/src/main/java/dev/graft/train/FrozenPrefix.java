package dev.graft.train;

import dev.graft.model.Model;
import dev.graft.model.NormFolding;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.DType;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The groups before the first one that trains, in the form that runs fastest.
 *
 * <p>They are copied out of the model: convolutions are folded with the normalisation behind them,
 * and the copy may compute in a shorter floating-point type. It records no gradients and changes
 * nothing in the model it was taken from.
 */
final class FrozenPrefix implements AutoCloseable {

  private final Model copy;
  private final int cut;
  private final DType precision;
  private final Model exact;
  private Set<String> carried = Set.of();
  private double relativeError;

  /**
   * Copies the groups before {@code cut}.
   *
   * @param twin a model of the same architecture; taken over and closed with the prefix
   * @param precision FLOAT32, or a shorter type whose error is measured on the first batch
   */
  FrozenPrefix(Model model, Model twin, int cut, DType precision) {
    this.copy = twin;
    this.cut = cut;
    this.precision = precision;
    this.exact = model;
    Map<String, Tensor> target = twin.state();
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      state(model, cut).forEach((name, tensor) -> target.get(name).copyInPlace(tensor));
      NormFolding.fold(twin, cut);
      if (precision != DType.FLOAT32) {
        for (Tensor tensor : twin.state().values()) {
          if (tensor.dtype() == DType.FLOAT32) {
            tensor.replaceData(tensor.to(precision));
          }
        }
      }
    }
  }

  /**
   * With inputs, by name, that come out beside what the groups give, for a task that reads them.
   *
   * @return this prefix
   */
  FrozenPrefix carrying(Set<String> names) {
    carried = new TreeSet<>(names);
    return this;
  }

  /**
   * True if the groups before the cut have the same tensors in both models, so one can stand in.
   */
  static boolean fits(Model model, Model twin, int cut) {
    return shapes(model, cut).equals(shapes(twin, cut));
  }

  private static Map<String, String> shapes(Model model, int cut) {
    Map<String, String> shapes = new LinkedHashMap<>();
    state(model, cut)
        .forEach((name, tensor) -> shapes.put(name, java.util.Arrays.toString(tensor.shape())));
    return shapes;
  }

  /** Parameters and buffers of the groups before the cut. */
  static Map<String, Tensor> state(Model model, int cut) {
    Map<String, Tensor> result = new LinkedHashMap<>();
    model
        .state()
        .forEach(
            (name, tensor) -> {
              if (model.groupIndex(model.groupOf(name)) < cut) {
                result.put(name, tensor);
              }
            });
    return result;
  }

  /** Names of the inputs that come out beside what the groups give. */
  Set<String> carried() {
    return carried;
  }

  /** Number of groups in front of the cut. */
  int cut() {
    return cut;
  }

  /** Element type of the computation. */
  DType precision() {
    return precision;
  }

  /**
   * Runs the groups before the cut; what comes out is FLOAT32, without gradient, and beside it the
   * inputs that are carried, as they are, as far as there are any.
   */
  NamedTensors apply(NamedTensors inputs) {
    NamedTensors result = computed(inputs);
    for (String name : carried) {
      result = inputs.has(name) ? result.with(name, inputs.get(name)) : result;
    }
    return result;
  }

  private NamedTensors computed(NamedTensors inputs) {
    try (Autograd off = Autograd.off()) {
      if (precision == DType.FLOAT32) {
        return copy.forward(inputs, 0, cut);
      }
      NamedTensors result =
          converted(copy.forward(converted(inputs, precision), 0, cut), DType.FLOAT32);
      if (relativeError == 0) {
        relativeError = error(result, exact.forward(inputs, 0, cut));
      }
      return result;
    }
  }

  /**
   * Largest difference to the FLOAT32 result over its largest value, on the first batch seen; 0
   * where the prefix computes in FLOAT32.
   */
  double relativeError() {
    return relativeError;
  }

  private static double error(NamedTensors approximate, NamedTensors exact) {
    double worst = 0;
    for (String name : exact.names()) {
      Tensor reference = exact.get(name);
      double difference = approximate.get(name).sub(reference).abs().max().item();
      worst = Math.max(worst, difference / reference.abs().max().item());
    }
    return worst;
  }

  private static NamedTensors converted(NamedTensors tensors, DType dtype) {
    Map<String, Tensor> result = new LinkedHashMap<>();
    tensors
        .asMap()
        .forEach(
            (name, tensor) ->
                result.put(name, tensor.dtype().isFloating() ? tensor.to(dtype) : tensor));
    return NamedTensors.of(result);
  }

  @Override
  public void close() {
    copy.close();
  }
}
