package dev.graft.train;

import dev.graft.plan.Phase;
import dev.graft.spi.Step;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs what the streams of a phase gave through the network behind the frozen prefix. */
final class Passes {

  private final RunContext context;
  private final Phase phase;
  private final Inputs inputs;
  private final Listening taps;

  Passes(RunContext context, Phase phase, Inputs inputs, Listening taps) {
    this.context = context;
    this.phase = phase;
    this.inputs = inputs;
    this.taps = taps;
  }

  /**
   * The batches of all streams, a part each, as losses see them.
   *
   * @param run whether the network runs; else there are inputs and targets and no outputs
   */
  List<Step.Part> parts(List<Feed.Loaded> micro, boolean run) {
    List<Step.Part> parts = new ArrayList<>();
    if (run && phase.regime().joint() && micro.size() > 1) {
      List<JointPass.Seen> seen =
          JointPass.forward(taps, inputs.cut(), micro.stream().map(Feed.Loaded::state).toList());
      for (int i = 0; i < micro.size(); i++) {
        parts.add(part(micro.get(i), i, seen.get(i)));
      }
      return parts;
    }
    for (int i = 0; i < micro.size(); i++) {
      parts.add(part(micro.get(i), i, run));
    }
    return parts;
  }

  /** The batch of one stream. */
  Step.Part part(Feed.Loaded loaded, int stream, boolean run) {
    Map<String, Tensor> tapped = new LinkedHashMap<>();
    NamedTensors outputs = NamedTensors.of(Map.of());
    if (run) {
      outputs = taps.forward(loaded.state(), inputs.cut(), tapped);
    }
    return part(loaded, stream, new JointPass.Seen(outputs, tapped));
  }

  private Step.Part part(Feed.Loaded loaded, int stream, JointPass.Seen seen) {
    NamedTensors targets = inputs.targets(stream, loaded);
    NamedTensors outputs = seen.outputs();
    if (outputs.has("logits")) {
      outputs = context.task().ofData(phase.streams().get(stream).data()).own(outputs);
    }
    return new Step.Part(loaded.inputs(), targets, outputs, seen.tapped(), loaded.indices());
  }
}
