package dev.graft.train;

import static dev.graft.spi.BoundTerm.Needs.FEATURES;

import dev.graft.layers.Module;
import dev.graft.layers.Taps;
import dev.graft.model.Model;
import dev.graft.model.Modules;
import dev.graft.tensor.Autocast;
import dev.graft.tensor.DType;
import dev.graft.tensor.Device;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Runs a model and records the outputs of some of its modules, and what enters its head. All of
 * that is FLOAT32, whatever the pass computes in.
 */
final class Listening {

  private final Model model;
  private final boolean bf16;
  private final Map<Module, String> modules = new HashMap<>();
  private final Set<String> paths = new TreeSet<>();

  /** Listens to nothing yet; {@code bf16} is whether the pass computes in bfloat16. */
  Listening(Model model, boolean bf16) {
    this.model = model;
    this.bf16 = bf16;
  }

  /** Listens to modules by path, or to {@code features}. */
  void add(List<String> more) {
    for (String path : more) {
      paths.add(path);
      if (!path.equals(FEATURES)) {
        modules.put(Modules.child(model.network(), path).layer(), path);
      }
    }
  }

  /** What is listened to, in alphabetical order. */
  Set<String> paths() {
    return paths;
  }

  /**
   * The groups from a cut on.
   *
   * @param tapped receives what was heard, by path
   */
  NamedTensors forward(NamedTensors state, int cut, Map<String, Tensor> tapped) {
    if (!bf16) {
      return pass(state, cut, tapped);
    }
    Device device = state.asMap().values().iterator().next().device();
    Map<String, Tensor> outputs;
    try (Autocast cast = Autocast.bfloat16(device)) {
      outputs = new LinkedHashMap<>(pass(state, cut, tapped).asMap());
    }
    outputs.replaceAll((name, tensor) -> tensor.to(DType.FLOAT32));
    tapped.replaceAll((path, tensor) -> tensor.to(DType.FLOAT32));
    return NamedTensors.of(outputs);
  }

  private NamedTensors pass(NamedTensors state, int cut, Map<String, Tensor> tapped) {
    int head = model.groups().size() - 1;
    try (Taps listening = modules.isEmpty() ? null : Taps.set(recording(tapped))) {
      if (!paths.contains(FEATURES)) {
        return model.forward(state, cut, head + 1);
      }
      NamedTensors before = model.forward(state, cut, head);
      tapped.put(FEATURES, before.get(FEATURES));
      return model.forward(before, head, head + 1);
    }
  }

  private Taps.Listener recording(Map<String, Tensor> tapped) {
    return (module, output) -> {
      String path = modules.get(module);
      if (path != null) {
        tapped.put(path, output);
      }
      return output;
    };
  }
}
