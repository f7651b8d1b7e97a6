package dev.graft.model;

import dev.graft.layers.Module;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Layers that belong to a bound term, such as a projector or a discriminator: they train with the
 * model, are kept in snapshots, and are never exported.
 */
public final class OwnLayers implements AutoCloseable {

  private final List<Parameter> parameters = new ArrayList<>();
  private final Map<String, Tensor> state = new LinkedHashMap<>();
  private final Module root;

  /**
   * Takes layers over.
   *
   * @param name unique among the terms of a phase; begins the names of the parameters
   * @param group group that updates name when these are to move; empty: of none
   * @param root closed with this
   */
  public OwnLayers(String name, String group, Module root) {
    this.root = root;
    root.walk(
        name,
        (path, module) -> {
          module
              .parameters()
              .forEach(
                  (own, weight) -> {
                    weight.tensor().setRequiresGrad(true);
                    String full = path + "." + own;
                    parameters.add(new Parameter(full, group, weight.kind(), weight.tensor()));
                    state.put(full, weight.tensor());
                  });
          module.buffers().forEach((own, tensor) -> state.put(path + "." + own, tensor));
        });
    root.setTrainingAll(true);
  }

  /** What trains. */
  public List<Parameter> parameters() {
    return List.copyOf(parameters);
  }

  /** Parameters and buffers by name. */
  public Map<String, Tensor> state() {
    return new LinkedHashMap<>(state);
  }

  @Override
  public void close() {
    root.close();
  }
}
