package dev.graft.adapters;

import dev.graft.layers.Layer;
import dev.graft.layers.ParameterKind;
import dev.graft.layers.RowWise;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.DType;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A layer with adapters on it, in the place of the layer. It has the layer's parameters and buffers
 * under their published names, and those of the adapters beside them: {@code lora_A.default.weight}
 * is {@code lora_A.weight} of the adapter {@code default}.
 */
final class AdaptedLayer extends Layer implements RowWise {

  private final Host host;
  private final Map<String, Adapter> adapters = new LinkedHashMap<>();
  private volatile List<Adapter> active = List.of();
  private LayerWeights saved;

  AdaptedLayer(String path, Layer layer, long width) {
    this.host = new Host(path, layer, width);
    adopt(layer);
  }

  Host host() {
    return host;
  }

  /** Adapters by name, in the order in which they were added. */
  Map<String, Adapter> adapters() {
    return Collections.unmodifiableMap(adapters);
  }

  /** Those that are switched on, in the order in which they lie on the layer. */
  List<Adapter> active() {
    return active;
  }

  /** Puts an adapter on top of those there are, and switches it on. */
  void add(String name, Adapter adapter) {
    if (adapters.containsKey(name)) {
      throw new IllegalArgumentException(
          "an adapter '%s' is there already; there are %s".formatted(name, adapters.keySet()));
    }
    if (adapter.changesHost() && !adapters.isEmpty()) {
      throw new IllegalArgumentException(
          "adapter '%s' takes over a part of the weight that %s lie on; remove these first"
              .formatted(name, adapters.keySet()));
    }
    adapter.attached();
    adapters.put(name, adapter);
    for (Map.Entry<String, Tensor> own : adapter.parameters().entrySet()) {
      var unused = parameter(full(own.getKey(), name), ParameterKind.ADAPTER, own.getValue());
    }
    for (Map.Entry<String, Tensor> own : adapter.buffers().entrySet()) {
      var unused = buffer(full(own.getKey(), name), own.getValue());
    }
    List<Adapter> all = new ArrayList<>(active);
    all.add(adapter);
    active = List.copyOf(all);
  }

  /** Takes an adapter off and frees it. */
  void remove(String name) {
    Adapter adapter = adapters.get(name);
    if (adapter.changesHost()) {
      throw new IllegalStateException(
          "adapter '%s' holds a part of the weight below it; merge it instead".formatted(name));
    }
    adapters.remove(name);
    active = active.stream().filter(each -> each != adapter).toList();
    adapter.parameters().keySet().forEach(own -> drop(full(own, name)).close());
    adapter.buffers().keySet().forEach(own -> drop(full(own, name)).close());
  }

  /** Switches on the named adapters, in this order, and the others off. */
  void activate(List<String> names) {
    active = names.stream().filter(adapters::containsKey).map(adapters::get).toList();
  }

  /** The name of a tensor of an adapter in this layer: the adapter's name after the first part. */
  static String full(String own, String adapter) {
    int dot = own.indexOf('.');
    return dot < 0
        ? own + "." + adapter
        : own.substring(0, dot) + "." + adapter + own.substring(dot);
  }

  @Override
  protected Tensor forward(Tensor x) {
    Layer layer = host.layer();
    if (layer.training() != training()) {
      layer.setTraining(training());
    }
    if (merged() && training()) {
      throw new IllegalStateException(
          "adapters %s are merged into this layer; unmerge them before training"
              .formatted(adapters.keySet()));
    }
    List<Adapter> chain = merged() ? List.of() : active;
    if (chain.isEmpty()) {
      return layer.apply(x);
    }
    try (Scope scope = Scope.open()) {
      return scope.keep(below(chain, chain.size()).output(x));
    }
  }

  @Override
  public Optional<Tensor> applyRows(Tensor x, List<Layer> layers) {
    boolean weightless = host.form() == Host.Form.OTHER;
    if (weightless || active.size() != 1 || layers.stream().anyMatch(layer -> !isAlike(layer))) {
      return Optional.empty();
    }
    List<Adapter> rows =
        layers.stream().map(layer -> ((AdaptedLayer) layer).active.get(0)).toList();
    return active.get(0).forwardRows(x, below(List.of(), 0), rows);
  }

  /** True if a layer is one like this, over the same weights. */
  private boolean isAlike(Layer layer) {
    return layer == this
        || (layer instanceof AdaptedLayer other
            && !other.merged()
            && other.active.size() == 1
            && other.active.get(0).getClass() == active.get(0).getClass()
            && other.host.layer().getClass() == host.layer().getClass()
            && other.host.weight().sharesMemoryWith(host.weight()));
  }

  /** The first {@code count} adapters of a chain over the layer. */
  private Adapter.Below below(List<Adapter> chain, int count) {
    return new Adapter.Below() {
      @Override
      public Tensor output(Tensor x) {
        return count == 0
            ? host.layer().apply(x)
            : chain.get(count - 1).forward(x, below(chain, count - 1));
      }

      @Override
      public LayerWeights weights() {
        return count == 0
            ? host.weights()
            : chain.get(count - 1).adapt(below(chain, count - 1).weights());
      }

      @Override
      public boolean training() {
        return AdaptedLayer.this.training();
      }
    };
  }

  /** Weight and bias with the active adapters in them, in the layer's own type. */
  LayerWeights adapted() {
    return below(active, active.size()).weights();
  }

  boolean merged() {
    return saved != null;
  }

  /**
   * Puts the active adapters into the layer's own weights, computed in 32 bits at least, and keeps
   * those from before.
   *
   * @return largest difference between what was computed and what the weights can hold
   */
  double merge() {
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      LayerWeights own = host.weights();
      LayerWeights wide = new LayerWeights(wide(own.weight()), wide(own.bias()));
      for (Adapter adapter : active) {
        wide = adapter.adapt(wide);
      }
      boolean newBias = own.bias() == null && wide.bias() != null;
      if (newBias && wide.bias().abs().max().item() > 0) {
        throw new UnsupportedOperationException(
            "the adapters add a bias to a layer that has none; it cannot hold them");
      }
      Tensor weight = scope.keep(own.weight().copy());
      Tensor bias = own.bias() == null ? null : scope.keep(own.bias().copy());
      double error = put(wide.weight(), own.weight());
      if (bias != null) {
        error = Math.max(error, put(wide.bias(), own.bias()));
      }
      saved = new LayerWeights(Scope.release(weight), bias == null ? null : Scope.release(bias));
      return error;
    }
  }

  private static Tensor wide(Tensor tensor) {
    return tensor == null || tensor.dtype().bytes() >= 4 ? tensor : tensor.to(DType.FLOAT32);
  }

  private static double put(Tensor computed, Tensor place) {
    place.copyInPlace(computed);
    return place.to(computed.dtype()).sub(computed).abs().max().item();
  }

  /** Puts the weights from before back, bit for bit. */
  void unmerge() {
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      LayerWeights own = host.weights();
      own.weight().copyInPlace(saved.weight());
      if (saved.bias() != null) {
        own.bias().copyInPlace(saved.bias());
      }
    }
    forget();
  }

  private void forget() {
    if (saved != null) {
      saved.weight().close();
      if (saved.bias() != null) {
        saved.bias().close();
      }
      saved = null;
    }
  }

  @Override
  public void close() {
    forget();
    super.close();
  }
}
