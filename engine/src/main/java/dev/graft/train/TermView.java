package dev.graft.train;

import dev.graft.data.Dataset;
import dev.graft.data.ExampleReader;
import dev.graft.model.Model;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Stream;
import dev.graft.spi.Companion;
import dev.graft.spi.Run;
import dev.graft.spi.Step;
import dev.graft.task.Task;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What the terms and the combining rule of a phase may know of their run. */
final class TermView implements Run {

  private final RunContext context;
  private final Phase phase;
  private final Trainables trainables;
  private final Inputs inputs;
  private final Passes passes;
  private final Map<String, CompanionView> companions = new LinkedHashMap<>();

  TermView(RunContext context, Phase phase, Trainables trainables, Inputs inputs, Passes passes) {
    this.context = context;
    this.phase = phase;
    this.trainables = trainables;
    this.inputs = inputs;
    this.passes = passes;
  }

  @Override
  public Model model() {
    return context.model();
  }

  @Override
  public Model source() {
    return context.source();
  }

  @Override
  public Model copy() {
    return context.copy();
  }

  @Override
  public Companion companion(String name) {
    return context.companion(name);
  }

  @Override
  public Companion.View watch(String name, List<String> paths) {
    CompanionView view =
        companions.computeIfAbsent(name, each -> new CompanionView(context, phase, each));
    view.listen(paths);
    return view;
  }

  @Override
  public Map<String, long[]> shapes(List<String> paths) {
    trainables.enterEvaluation();
    Listening listening = new Listening(context.model(), false);
    listening.add(paths);
    Map<String, long[]> shapes = new LinkedHashMap<>();
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      Map<String, Tensor> tapped = new LinkedHashMap<>();
      var unused = listening.forward(CompanionView.sample(context, phase), 0, tapped);
      tapped.forEach((path, tap) -> shapes.put(path, tap.shape()));
    }
    return shapes;
  }

  @Override
  public Task task() {
    return context.task();
  }

  @Override
  public Plan plan() {
    return context.job().plan();
  }

  @Override
  public Phase phase() {
    return phase;
  }

  @Override
  public long totalUpdates() {
    long updates = (long) phase.length().epochs() * inputs.batchesPerEpoch();
    return phase.length().maxUpdates() > 0
        ? Math.min(updates, phase.length().maxUpdates())
        : updates;
  }

  @Override
  public long updatesPerEpoch() {
    return inputs.batchesPerEpoch();
  }

  @Override
  public NamedTensors targets(String data, int[] indices) {
    Task task = context.task().ofData(data);
    if (!task.reads().isEmpty()) {
      throw new IllegalArgumentException(
          "targets of %s follow from the inputs %s too; they cannot be had by position alone"
              .formatted(task.id(), task.reads()));
    }
    return task.targets(context.data(data).targetRows(indices), NamedTensors.of(Map.of()));
  }

  @Override
  public void forEachBatch(String data, Consumer<Step> visitor) {
    List<String> streams = phase.streams().stream().map(Stream::data).toList();
    if (!streams.contains(data)) {
      throw new IllegalArgumentException(
          "'%s' is not a stream of phase '%s'; it has %s".formatted(data, phase.name(), streams));
    }
    trainables.enterEvaluation();
    Dataset set = context.data(data);
    int size = context.job().options().evaluationBatch();
    Feed.Batches batches =
        inputs
            .evaluationFeed(data)
            .batches(
                ExampleReader.batches(ExampleReader.inOrder(set.size()), size),
                inputs.evaluation());
    while (batches.hasNext()) {
      try (Scope scope = Scope.open();
          Autograd off = Autograd.off()) {
        Feed.Loaded loaded = batches.next();
        if (loaded != null) {
          visitor.accept(new Step(0, List.of(passes.part(loaded, streams.indexOf(data), true))));
        }
      }
    }
  }
}
