package dev.graft.infer;

import dev.graft.layers.Child;
import dev.graft.layers.Layer;
import dev.graft.layers.Module;
import dev.graft.model.Model;
import dev.graft.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Where a network differs from another one over the same memory. */
final class Differences {

  private final String head;
  private final Map<String, Layer> layers = new LinkedHashMap<>();
  private boolean all = true;

  private Differences(String head) {
    this.head = head;
  }

  /**
   * The layers of a network, outside of its head, that a shared one has not: by path, each in the
   * place of a layer without children.
   *
   * @return empty if they differ elsewhere too, so that exchanging layers is not enough
   */
  static Optional<Map<String, Layer>> of(Model shared, Model other) {
    Differences differences = new Differences(shared.network().headPath());
    differences.all = differences.head.equals(other.network().headPath());
    differences.compare("", shared.network(), other.network());
    return differences.all ? Optional.of(differences.layers) : Optional.empty();
  }

  private void compare(String path, Module shared, Module other) {
    all &=
        sameTensors(shared, other) && shared.children().keySet().equals(other.children().keySet());
    if (!all) {
      return;
    }
    for (Map.Entry<String, Child> child : shared.children().entrySet()) {
      String at = path.isEmpty() ? child.getKey() : path + "." + child.getKey();
      if (!at.equals(head)) {
        Layer present = child.getValue().layer();
        Layer bare = present instanceof MixedLayer mixed ? mixed.shared() : present;
        exchange(at, bare, other.children().get(child.getKey()).layer());
      }
    }
  }

  private void exchange(String path, Layer shared, Layer other) {
    boolean same = shared.getClass() == other.getClass();
    if (same && !shared.children().isEmpty()) {
      compare(path, shared, other);
    } else if (!same || !sameTensors(shared, other)) {
      all &= shared.children().isEmpty();
      layers.put(path, other);
    }
  }

  private static boolean sameTensors(Module one, Module other) {
    Map<String, Tensor> mine = tensors(one);
    Map<String, Tensor> its = tensors(other);
    return mine.keySet().equals(its.keySet())
        && mine.entrySet().stream()
            .allMatch(each -> each.getValue().sharesMemoryWith(its.get(each.getKey())));
  }

  private static Map<String, Tensor> tensors(Module module) {
    Map<String, Tensor> all = new LinkedHashMap<>(module.buffers());
    module.parameters().forEach((name, weight) -> all.put(name, weight.tensor()));
    return all;
  }
}
