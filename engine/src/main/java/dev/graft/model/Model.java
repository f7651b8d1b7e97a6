package dev.graft.model;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Layer;
import dev.graft.layers.Module;
import dev.graft.layers.ParameterKind;
import dev.graft.layers.Taps;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network with the names, groups and taps that the rest of the engine works with.
 *
 * <p>A model owns its tensors until {@link #close()}. It starts in evaluation mode. Forward passes
 * may run on several threads as long as nobody trains it or replaces a part of it.
 */
public final class Model implements AutoCloseable {

  private final ModelSpec spec;
  private final Network network;
  private List<Group> groups;

  /** A model over a network that was built after the given spec. */
  public Model(ModelSpec spec, Network network) {
    this.spec = spec;
    this.network = network;
    this.groups = List.copyOf(network.groups());
    network.setTrainingAll(false);
    if (parameters().isEmpty()) {
      throw new IllegalArgumentException("network '%s' has no parameters".formatted(spec.family()));
    }
  }

  /** How the network was built. */
  public ModelSpec spec() {
    return spec;
  }

  /** The root module. */
  public Network network() {
    return network;
  }

  /** Groups from input to output; the last one is the head. */
  public List<Group> groups() {
    return groups;
  }

  /**
   * Position of a group, from 0 at the input.
   *
   * @throws IllegalArgumentException if there is none of that name; the message lists what exists
   */
  public int groupIndex(String name) {
    for (int i = 0; i < groups.size(); i++) {
      if (groups.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException(
        "no group named '%s'; this model has %s"
            .formatted(name, groups.stream().map(Group::name).toList()));
  }

  /** All parameters in the order of the network, by full name. */
  public Map<String, Parameter> parameters() {
    Map<String, Parameter> result = new LinkedHashMap<>();
    network.walk(
        "",
        (path, module) ->
            module
                .parameters()
                .forEach(
                    (name, weight) -> {
                      String full = join(path, name);
                      result.put(
                          full, new Parameter(full, groupOf(full), weight.kind(), weight.tensor()));
                    }));
    return result;
  }

  /** All buffers in the order of the network, by full name. */
  public Map<String, Tensor> buffers() {
    Map<String, Tensor> result = new LinkedHashMap<>();
    network.walk(
        "",
        (path, module) ->
            module.buffers().forEach((name, tensor) -> result.put(join(path, name), tensor)));
    return result;
  }

  /** Parameters and buffers: everything a weight file holds, module by module. */
  public Map<String, Tensor> state() {
    Map<String, Tensor> result = new LinkedHashMap<>();
    network.walk(
        "",
        (path, module) -> {
          module.parameters().forEach((name, w) -> result.put(join(path, name), w.tensor()));
          module.buffers().forEach((name, tensor) -> result.put(join(path, name), tensor));
        });
    return result;
  }

  /** Every module below the root by path, parents first. */
  public Map<String, Module> modules() {
    Map<String, Module> result = new LinkedHashMap<>();
    network.walk("", result::put);
    result.remove("");
    return Collections.unmodifiableMap(result);
  }

  /** Name of the group that a parameter or buffer belongs to. */
  public String groupOf(String name) {
    return findGroup(name)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "'%s' belongs to no group of %s; the network must name its module in one"
                        .formatted(name, spec.family())));
  }

  /**
   * Name of the group that a parameter, buffer or module belongs to: the one with the longest
   * matching path. A module that only holds the modules of several groups belongs to none.
   */
  public Optional<String> findGroup(String name) {
    String best = null;
    int length = -1;
    for (Group group : groups) {
      for (String path : group.modules()) {
        boolean covers = path.isEmpty() || name.equals(path) || name.startsWith(path + ".");
        if (covers && path.length() > length) {
          best = group.name();
          length = path.length();
        }
      }
    }
    return Optional.ofNullable(best);
  }

  /** The whole network: from named inputs to named outputs. */
  public NamedTensors forward(NamedTensors inputs) {
    return forward(inputs, 0, groups.size());
  }

  /**
   * The groups from {@code from} up to, without, {@code to}. What is computed on the way is freed
   * on the way, unless taps are set.
   */
  public NamedTensors forward(NamedTensors state, int from, int to) {
    NamedTensors result = state;
    for (Group group : groups.subList(from, to)) {
      if (Taps.active()) {
        result = group.forward().apply(result);
        continue;
      }
      NamedTensors next;
      try (Scope scope = Scope.open()) {
        next = group.forward().apply(result);
        next.asMap().values().forEach(scope::keep);
      }
      if (result != state) {
        free(result, List.of(state, next));
      }
      result = next;
    }
    return result;
  }

  private static void free(NamedTensors spent, List<NamedTensors> inUse) {
    for (Tensor tensor : spent.asMap().values()) {
      if (inUse.stream().noneMatch(other -> other.asMap().containsValue(tensor))) {
        tensor.close();
      }
    }
  }

  /**
   * Lays the weights of all convolutions out with channels innermost, and from there all maps:
   * LibTorch computes so a tenth to a third faster, forwards and backwards. The values stay; sums
   * are taken in another order.
   *
   * @return this model
   */
  @CanIgnoreReturnValue
  public Model withChannelsInnermost() {
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      for (Module module : modules().values()) {
        if (module instanceof Conv2d convolution) {
          convolution.weight().replaceData(convolution.weight().channelsLast());
        }
      }
    }
    return this;
  }

  /** Number of features that a new head reads. */
  public long featureCount() {
    return network.featureCount();
  }

  /** Replaces the head by one that reads one vector per example; the old one is closed. */
  public void replaceHead(Layer head) {
    replaceHead(head, HeadInput.EXAMPLE);
  }

  /**
   * Replaces the head; the old one is closed. The groups are asked for again.
   *
   * @throws IllegalArgumentException if the network has no features of that kind
   */
  public void replaceHead(Layer head, HeadInput input) {
    Layer old = Modules.child(network, network.headPath()).layer();
    network.replaceHead(head, input);
    old.close();
    regroup();
  }

  /** Asks the network for its groups again, after surgery. */
  public void regroup() {
    groups = List.copyOf(network.groups());
  }

  /** True if it looks up vectors by numbers, as networks for texts do. */
  public boolean embeds() {
    return parameters().values().stream()
        .anyMatch(p -> p.kind() == ParameterKind.EMBEDDING && p.tensor().shape().length == 2);
  }

  /** Total number of parameters. */
  public long parameterCount() {
    return parameters().values().stream().mapToLong(Parameter::count).sum();
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  @Override
  public void close() {
    network.close();
  }
}
