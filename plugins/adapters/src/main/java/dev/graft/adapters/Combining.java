package dev.graft.adapters;

import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Makes one low-rank adapter of several, layer by layer. */
final class Combining {

  private Combining() {}

  /**
   * The new adapter of every layer that has at least one of those named; none is put on yet.
   *
   * @param weights factor of each adapter by name
   */
  static Map<AdaptedLayer, Adapter> make(
      Collection<AdaptedLayer> layers,
      Map<String, Double> weights,
      Combination rule,
      double density) {
    Map<AdaptedLayer, Adapter> made = new LinkedHashMap<>();
    for (AdaptedLayer layer : layers) {
      Set<String> here = new TreeSet<>(weights.keySet());
      here.retainAll(layer.adapters().keySet());
      if (!here.isEmpty()) {
        double[] values = here.stream().mapToDouble(weights::get).toArray();
        made.put(layer, combined(layer, here, factors -> rule.combine(factors, values, density)));
      }
    }
    return made;
  }

  private static Adapter combined(
      AdaptedLayer layer, Set<String> names, Function<List<Factors>, Tensor[]> rule) {
    List<Factors> factors = new ArrayList<>();
    for (String name : names) {
      factors.add(
          layer
              .adapters()
              .get(name)
              .factors()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "adapter '%s' is no product of two factors; only LoRA and what is"
                                  .formatted(name)
                              + " computed like it can be combined")));
    }
    Tensor[] result = rule.apply(factors);
    return factors.get(0).again().apply(result[0], result[1]);
  }
}
