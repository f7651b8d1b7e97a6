package dev.graft.regularization;

import dev.graft.layers.Module;
import dev.graft.layers.Taps;
import dev.graft.model.Model;
import dev.graft.model.Modules;
import dev.graft.plan.Settings;
import dev.graft.spi.BoundTerm;
import dev.graft.spi.Run;
import dev.graft.spi.Step;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * DELTA at work. The source model sees the same inputs, in evaluation mode, without gradients.
 *
 * <p>The attention of a channel is the softmax, at temperature 5, of how much the loss of the model
 * as it stands at the start of the phase rises when the channel is set to 0. Only the groups behind
 * a tap are computed again for each of its channels.
 */
final class DeltaTerm implements BoundTerm {

  private static final double SOFTNESS = 5;

  private final Run run;
  private final boolean attends;
  private final int examples;
  private final List<String> taps;
  private final Map<Module, String> sourceTaps = new LinkedHashMap<>();
  private final Map<String, Tensor> attention = new LinkedHashMap<>();

  DeltaTerm(Settings settings, Run run) {
    this.run = run;
    attends = settings.flag("attention");
    examples = settings.integer("examples");
    String asked = settings.text("taps");
    taps = asked.isEmpty() ? FeatureMaps.defaults(run.source()) : List.of(asked.split("\\+"));
    if (taps.isEmpty()) {
      throw new IllegalArgumentException(
          "'delta' finds no convolution or linear layer before the head; name modules as 'taps'");
    }
    for (String path : taps) {
      sourceTaps.put(Modules.child(run.source().network(), path).layer(), path);
    }
  }

  @Override
  public Needs needs() {
    return new Needs(taps, /* inputs= */ true, /* inputGradient= */ false);
  }

  @Override
  public Tensor loss(Step step) {
    Step.Part part = step.first();
    Map<String, Tensor> source = sourceMaps(part.inputs());
    Tensor sum = Tensor.scalar(0);
    for (String path : taps) {
      Tensor own = part.taps().get(path);
      sum =
          sum.add(
              attends
                  ? FeatureMaps.distance(own, source.get(path), attention.get(path))
                  : FeatureMaps.distance(own, source.get(path)));
    }
    return sum;
  }

  /** Outputs of the source model at the taps. */
  Map<String, Tensor> sourceMaps(NamedTensors inputs) {
    Map<String, Tensor> found = new LinkedHashMap<>();
    Taps.Listener listener =
        (module, output) -> {
          String path = sourceTaps.get(module);
          if (path != null) {
            found.put(path, output);
          }
          return output;
        };
    try (Autograd off = Autograd.off();
        Taps listening = Taps.set(listener)) {
      NamedTensors outputs = run.source().forward(inputs);
      if (outputs.names().isEmpty() || found.size() < taps.size()) {
        throw new IllegalStateException(
            "the source model computed %s of the taps %s".formatted(found.keySet(), taps));
      }
    }
    return found;
  }

  // ---- attention ----

  @Override
  public void prepare() {
    if (!attends) {
      return;
    }
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      Sample sample = sample();
      for (String path : taps) {
        attention.put(path, Scope.release(attention(path, sample)));
      }
    }
  }

  /** Some examples of the training part, spread evenly over it. */
  private record Sample(NamedTensors inputs, NamedTensors targets) {}

  private Sample sample() {
    String data = run.phase().streams().get(0).data();
    int[] size = {0};
    run.forEachBatch(data, step -> size[0] += step.first().indices().length);
    int every = Math.max(1, size[0] / examples);
    List<NamedTensors> inputs = new ArrayList<>();
    List<NamedTensors> targets = new ArrayList<>();
    run.forEachBatch(
        data,
        step -> {
          Step.Part part = step.first();
          long[] rows =
              java.util.stream.IntStream.range(0, part.indices().length)
                  .filter(row -> part.indices()[row] % every == 0)
                  .asLongStream()
                  .toArray();
          if (rows.length > 0) {
            inputs.add(taken(part.inputs(), rows));
            targets.add(taken(part.targets(), rows));
          }
        });
    Sample sample = new Sample(joined(inputs), joined(targets));
    inputs.forEach(DeltaTerm::free);
    targets.forEach(DeltaTerm::free);
    return sample;
  }

  private static NamedTensors taken(NamedTensors from, long[] rows) {
    Map<String, Tensor> result = new LinkedHashMap<>();
    Tensor indices = Tensor.of(rows, rows.length);
    from.asMap()
        .forEach((name, tensor) -> result.put(name, Scope.release(tensor.indexSelect(0, indices))));
    return NamedTensors.of(result);
  }

  private static NamedTensors joined(List<NamedTensors> parts) {
    Map<String, Tensor> result = new LinkedHashMap<>();
    for (String name : parts.get(0).names()) {
      result.put(name, Tensor.cat(parts.stream().map(p -> p.get(name)).toList(), 0));
    }
    return NamedTensors.of(result);
  }

  private static void free(NamedTensors tensors) {
    tensors.asMap().values().forEach(Tensor::close);
  }

  private Tensor attention(String path, Sample sample) {
    Model model = run.model();
    Module tapped = Modules.child(model.network(), path).layer();
    int group = model.groupIndex(model.groupOf(path));
    NamedTensors before = model.forward(sample.inputs, 0, group);
    long[] channels = {0};
    double usual =
        loss(
            before,
            sample,
            group,
            (module, output) -> {
              if (module == tapped) {
                channels[0] = FeatureMaps.channels(output).size(1);
              }
              return output;
            });
    float[] rise = new float[(int) channels[0]];
    for (int channel = 0; channel < rise.length; channel++) {
      int silent = channel;
      double without =
          loss(
              before,
              sample,
              group,
              (module, output) -> module == tapped ? FeatureMaps.without(output, silent) : output);
      rise[channel] = (float) (without - usual);
    }
    return Nn.softmax(Tensor.of(rise, rise.length).div(SOFTNESS), 0);
  }

  private double loss(NamedTensors before, Sample sample, int group, Taps.Listener listener) {
    Model model = run.model();
    try (Scope scope = Scope.open();
        Taps listening = Taps.set(listener)) {
      NamedTensors outputs = model.forward(before, group, model.groups().size());
      return run.task().loss(outputs, sample.targets).item();
    }
  }

  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    attention.forEach((path, tensor) -> state.put("attention." + path, tensor));
    return state;
  }

  @Override
  public void close() {
    attention.values().forEach(Tensor::close);
  }
}
