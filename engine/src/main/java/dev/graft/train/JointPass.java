package dev.graft.train;

import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The batches of all streams in one pass through the network. Normalisation layers see them as one
 * batch, so that the statistics they are trained with are those that they keep.
 */
final class JointPass {

  /**
   * What one stream's rows gave.
   *
   * @param outputs of the model
   * @param tapped outputs of modules, by path
   */
  record Seen(NamedTensors outputs, Map<String, Tensor> tapped) {}

  private JointPass() {}

  /** The groups from a cut on, for states with the same names; one result per state. */
  static List<Seen> forward(Listening taps, int cut, List<NamedTensors> states) {
    Map<String, Tensor> joined = new LinkedHashMap<>();
    for (String name : states.get(0).names()) {
      joined.put(name, Tensor.cat(states.stream().map(state -> state.get(name)).toList(), 0));
    }
    Map<String, Tensor> tapped = new LinkedHashMap<>();
    NamedTensors outputs = taps.forward(NamedTensors.of(joined), cut, tapped);
    List<Seen> seen = new ArrayList<>();
    long from = 0;
    for (NamedTensors state : states) {
      long rows = state.asMap().values().iterator().next().size(0);
      seen.add(
          new Seen(NamedTensors.of(rows(outputs.asMap(), from, rows)), rows(tapped, from, rows)));
      from += rows;
    }
    return seen;
  }

  private static Map<String, Tensor> rows(Map<String, Tensor> tensors, long from, long count) {
    Map<String, Tensor> result = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> result.put(name, tensor.narrow(0, from, count)));
    return result;
  }
}
