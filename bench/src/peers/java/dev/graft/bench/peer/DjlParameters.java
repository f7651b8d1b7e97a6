package dev.graft.bench.peer;

import ai.djl.Model;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import dev.graft.bench.Networks;

/** Makes sure that two libraries train the same network. */
final class DjlParameters {

  private DjlParameters() {}

  static void check(Model model) {
    long count = 0;
    for (Pair<String, Parameter> each : model.getBlock().getParameters()) {
      Parameter.Type type = each.getValue().getType();
      boolean statistic =
          type == Parameter.Type.RUNNING_MEAN || type == Parameter.Type.RUNNING_VAR;
      count += statistic ? 0 : each.getValue().getArray().size();
    }
    if (count != Networks.PARAMETERS) {
      throw new IllegalStateException(
          "the network has %d parameters, not %d".formatted(count, Networks.PARAMETERS));
    }
  }
}
