package dev.graft.adapters;

import dev.graft.layers.LinearRows;
import dev.graft.model.Model;
import dev.graft.plan.Settings;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The adapters of a model by name.
 *
 * <pre>
 *              activate            train
 *   INACTIVE ----------&gt; ACTIVE ----------&gt; TRAINABLE
 *            &lt;----------        &lt;----------
 *             deactivate   | ^     freeze
 *                    merge v | unmerge
 *                         MERGED
 * </pre>
 *
 * <p>Every other step throws an {@link IllegalStateException} that names the state. The state is
 * read off the layers themselves, so that two sets over one model agree. While something is merged
 * nothing is added, removed or combined, and a forward pass in training mode is refused. The file
 * is long because all steps of this machine stand in it.
 */
public final class AdapterSet {

  /** What an adapter is doing. */
  public enum State {
    /** It is there and has no effect. */
    INACTIVE,
    /** It has its effect. */
    ACTIVE,
    /** It has its effect and its parameters take gradients. */
    TRAINABLE,
    /** Its effect is in the weights below it. */
    MERGED
  }

  private final Model model;

  private AdapterSet(Model model) {
    this.model = model;
  }

  /** The adapters of a model; none at first, unless a surgery put some there. */
  public static AdapterSet of(Model model) {
    return new AdapterSet(model);
  }

  private Map<String, AdaptedLayer> layers() {
    Map<String, AdaptedLayer> layers = new LinkedHashMap<>();
    model
        .modules()
        .forEach(
            (path, module) -> {
              if (module instanceof AdaptedLayer adapted) {
                layers.put(path, adapted);
              }
            });
    return layers;
  }

  /** Names, in the order in which they were added. */
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    layers().values().forEach(layer -> names.addAll(layer.adapters().keySet()));
    return names;
  }

  /** What the adapters of this name are doing. */
  public State state(String name) {
    require(name);
    for (AdaptedLayer layer : layers().values()) {
      Adapter adapter = layer.adapters().get(name);
      if (adapter == null) {
        continue;
      }
      if (!layer.active().contains(adapter)) {
        return State.INACTIVE;
      }
      if (layer.merged()) {
        return State.MERGED;
      }
      boolean trains = adapter.parameters().values().stream().anyMatch(Tensor::requiresGrad);
      return trains ? State.TRAINABLE : State.ACTIVE;
    }
    throw new IllegalStateException(name);
  }

  /** Names of the adapters in a state. */
  public Set<String> names(State state) {
    Set<String> names = names();
    names.removeIf(name -> state(name) != state);
    return names;
  }

  private void require(String name) {
    if (!names().contains(name)) {
      throw new IllegalArgumentException(
          "no adapter named '%s'; there are %s".formatted(name, names()));
    }
  }

  private void require(String name, String step, State... allowed) {
    State state = state(name);
    if (!Arrays.asList(allowed).contains(state)) {
      throw new IllegalStateException(
          "adapter '%s' is %s and cannot %s; it must be %s"
              .formatted(name, state, step, Arrays.toString(allowed)));
    }
  }

  private void requireUnmerged(String step) {
    Set<String> merged = names(State.MERGED);
    if (!merged.isEmpty()) {
      throw new IllegalStateException(
          "cannot %s while %s is merged; call unmerge first".formatted(step, merged));
    }
  }

  /**
   * Puts adapters of a kind on its targets; they are INACTIVE. Nothing else changes, least of all
   * which parameters train.
   *
   * @param settings of the kind; those left out have their defaults
   */
  public void add(String name, AdapterKind kind, Settings settings) {
    requireUnmerged("add '%s'".formatted(name));
    if (!name.matches("[A-Za-z0-9_-]+") || names().contains(name)) {
      throw new IllegalArgumentException(
          "an adapter cannot be named '%s'; use letters, digits, hyphens and underscores, and a name"
                  .formatted(name)
              + " that is not among "
              + names());
    }
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      AdapterSurgery.put(model, name, kind, settings.checked(kind.about().id(), kind.settings()));
    }
    deactivateAll(Set.of(name));
  }

  /** Takes adapters off and frees them. */
  public void remove(String name) {
    require(name);
    requireUnmerged("remove '%s'".formatted(name));
    for (AdaptedLayer layer : layers().values()) {
      if (layer.adapters().containsKey(name)) {
        layer.remove(name);
      }
    }
  }

  /** Switches on one more adapter, on top of those that are on. */
  public void activate(String name) {
    require(name, "be activated", State.INACTIVE);
    requireUnmerged("activate '%s'".formatted(name));
    List<String> all = new ArrayList<>(on());
    all.add(name);
    layers().values().forEach(layer -> layer.activate(all));
  }

  /** Switches an adapter off; its parameters no longer train. */
  public void deactivate(String name) {
    require(name, "be deactivated", State.ACTIVE, State.TRAINABLE);
    deactivateAll(Set.of(name));
  }

  /** Switches this adapter on and all others off. */
  public void switchTo(String name) {
    require(name, "be switched to", State.INACTIVE, State.ACTIVE);
    requireUnmerged("switch to '%s'".formatted(name));
    deactivateAll(on());
    layers().values().forEach(layer -> layer.activate(List.of(name)));
  }

  private Set<String> on() {
    Set<String> names = names();
    names.removeIf(name -> state(name) == State.INACTIVE);
    return names;
  }

  private void deactivateAll(Collection<String> names) {
    for (String name : names) {
      setTrains(name, /* value= */ false);
    }
    Set<String> rest = on();
    rest.removeAll(names);
    layers().values().forEach(layer -> layer.activate(List.copyOf(rest)));
  }

  /** Lets the parameters of an adapter take gradients. */
  public void train(String name) {
    require(name, "train", State.ACTIVE);
    setTrains(name, /* value= */ true);
  }

  /** Ends what {@link #train} began. */
  public void freeze(String name) {
    require(name, "be frozen", State.TRAINABLE);
    setTrains(name, /* value= */ false);
  }

  private void setTrains(String name, boolean value) {
    each(name)
        .forEach(adapter -> adapter.parameters().values().forEach(t -> t.setRequiresGrad(value)));
  }

  private List<Adapter> each(String name) {
    return layers().values().stream()
        .filter(layer -> layer.adapters().containsKey(name))
        .map(layer -> layer.adapters().get(name))
        .toList();
  }

  /**
   * Sets the factor on what an adapter adds; 1 at first.
   *
   * @throws IllegalArgumentException if the adapter's effect cannot be had in part
   */
  public void setStrength(String name, double factor) {
    require(name, "change its strength", State.INACTIVE, State.ACTIVE, State.TRAINABLE);
    if (!Double.isFinite(factor) || !each(name).stream().allMatch(Adapter::hasStrength)) {
      throw new IllegalArgumentException(
          "adapter '%s' cannot have strength %s; only those that add something to a weight can, and"
                  .formatted(name, factor)
              + " it must be finite");
    }
    each(name).forEach(adapter -> adapter.setStrength(factor));
  }

  /**
   * Puts everything that is ACTIVE into the weights below it, computed in 32 bits at least.
   *
   * @return the error of each layer
   * @throws IllegalStateException if nothing is ACTIVE, something trains or is merged already
   * @throws UnsupportedOperationException if a layer's weights cannot do what an adapter does;
   *     nothing is merged then
   */
  public MergeReport merge() {
    Set<String> on = on();
    for (String name : on) {
      require(name, "be merged", State.ACTIVE);
    }
    if (on.isEmpty()) {
      throw new IllegalStateException(
          "nothing to merge: none of the adapters %s is ACTIVE".formatted(names()));
    }
    Map<String, Double> errors = new LinkedHashMap<>();
    for (Map.Entry<String, AdaptedLayer> layer : layers().entrySet()) {
      if (layer.getValue().active().isEmpty()) {
        continue;
      }
      try {
        errors.put(layer.getKey(), layer.getValue().merge());
      } catch (RuntimeException e) {
        layers().values().stream().filter(AdaptedLayer::merged).forEach(AdaptedLayer::unmerge);
        throw new UnsupportedOperationException(
            "layer '%s' cannot be merged: %s".formatted(layer.getKey(), e.getMessage()), e);
      }
    }
    return new MergeReport(errors);
  }

  /** Puts the weights from before {@link #merge} back, bit for bit. */
  public void unmerge() {
    if (names(State.MERGED).isEmpty()) {
      throw new IllegalStateException("nothing is MERGED; call merge first");
    }
    layers().values().stream().filter(AdaptedLayer::merged).forEach(AdaptedLayer::unmerge);
  }

  /**
   * Makes one low-rank adapter of several, INACTIVE; those it is made of stay.
   *
   * @param name of the new one
   * @param weights factor of each adapter by name
   * @param density share of values that pruning rules keep, in (0, 1]; others ignore it
   */
  public void combine(String name, Map<String, Double> weights, Combination rule, double density) {
    requireUnmerged("combine adapters");
    weights.keySet().forEach(this::require);
    if (names().contains(name) || weights.isEmpty() || !(density > 0 && density <= 1)) {
      throw new IllegalArgumentException(
          ("'%s' cannot be made of %s with density %s: give a name that is not among %s, at least"
                  + " one adapter, and a density above 0 and up to 1")
              .formatted(name, weights, density, names()));
    }
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      Map<AdaptedLayer, Adapter> made = Combining.make(layers().values(), weights, rule, density);
      made.forEach((layer, adapter) -> layer.add(name, adapter));
    }
    deactivateAll(Set.of(name));
  }

  /**
   * Adapters of one class, of all names, in the order of their layers: for terms that steer them.
   */
  public <A extends Adapter> List<A> adapters(Class<A> type) {
    return layers().values().stream()
        .flatMap(layer -> layer.adapters().values().stream())
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  /** Where adapters of a kind go unless told otherwise, in the order of the network. */
  public List<String> places(AdapterKind kind) {
    return Targets.find(model, kind, Settings.NONE.checked(kind.about().id(), kind.settings()));
  }

  /** The vectors of an adapter that puts some in front of others, by path, in the current scope. */
  public Map<String, Tensor> vectors(String name) {
    require(name);
    Map<String, Tensor> result = new LinkedHashMap<>();
    layers()
        .forEach(
            (path, layer) -> {
              Adapter adapter = layer.adapters().get(name);
              if (adapter != null) {
                adapter.vectors().ifPresent(vectors -> result.put(path, vectors));
              }
            });
    return result;
  }

  /** Blocks of channels of an adapted layer; see {@link Host#groups}. */
  public long groups(String path) {
    AdaptedLayer layer = layers().get(path);
    return layer == null ? 1 : layer.host().groups();
  }

  /** True if an adapted layer is some rows of a map that another layer holds. */
  public boolean isPart(String path) {
    AdaptedLayer layer = layers().get(path);
    return layer != null && layer.host().layer() instanceof LinearRows;
  }

  /** What of an adapter trains, by path of the layer and the name PEFT saves it under. */
  public Map<String, Map<String, Tensor>> parameters(String name) {
    require(name);
    Map<String, Map<String, Tensor>> result = new LinkedHashMap<>();
    layers()
        .forEach(
            (path, layer) -> {
              Adapter adapter = layer.adapters().get(name);
              if (adapter != null) {
                result.put(path, adapter.parameters());
              }
            });
    return result;
  }

  /** Tensors of an adapter by path of the layer and the name PEFT saves them under. */
  public Map<String, Map<String, Tensor>> tensors(String name) {
    require(name);
    Map<String, Map<String, Tensor>> result = new LinkedHashMap<>();
    layers()
        .forEach(
            (path, layer) -> {
              Adapter adapter = layer.adapters().get(name);
              if (adapter != null) {
                Map<String, Tensor> all = new LinkedHashMap<>(adapter.parameters());
                all.putAll(adapter.buffers());
                result.put(path, all);
              }
            });
    return result;
  }
}
