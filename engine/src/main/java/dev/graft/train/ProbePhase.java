package dev.graft.train;

import dev.graft.data.Dataset;
import dev.graft.data.ExampleReader;
import dev.graft.layers.Linear;
import dev.graft.model.HeadInput;
import dev.graft.model.Model;
import dev.graft.model.Modules;
import dev.graft.plan.Choice;
import dev.graft.plan.Phase;
import dev.graft.plan.Stream;
import dev.graft.report.EpochRecord;
import dev.graft.task.Metric;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.train.optim.LinearProbe;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A phase whose optimizer is {@code lbfgs}: the head is linear, everything before it is frozen, so
 * the problem is convex and is solved exactly instead of by small steps.
 */
final class ProbePhase {

  private ProbePhase() {}

  /** True if a phase is of this kind. */
  static boolean is(Phase phase) {
    return phase.solvesHead();
  }

  /** Solves the head and records the phase as one epoch. */
  static void run(RunContext context, Phase phase) {
    long began = System.nanoTime();
    Model model = context.model();
    int head = model.groups().size() - 1;
    Trainables trainables = new Trainables(model, phase, 0);
    check(context, phase, trainables);
    try (Inputs inputs = new Inputs(context, phase, head);
        Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      model.network().setTrainingAll(false);
      inputs.prepare(head, false);
      context
          .job()
          .listener()
          .on(
              new TrainEvent.PhaseStarted(
                  phase.name(),
                  context.progress().phase + 1,
                  context.job().plan().phases().size(),
                  1,
                  trainables.count(),
                  head));
      LinearProbe.Part training = part(context, inputs, "training");
      LinearProbe.Part validation = part(context, inputs, "validation");
      LinearProbe.Result result =
          LinearProbe.fit(context.task(), training, validation, phase.optimizer().settings());
      Linear linear = (Linear) Modules.child(model.network(), model.network().headPath()).layer();
      linear.weight().copyInPlace(Tensor.of(result.weight()));
      linear.bias().copyInPlace(Tensor.of(result.bias()));
      record(context, phase, result, loss(context, training), began);
    }
  }

  private static void check(RunContext context, Phase phase, Trainables trainables) {
    Model model = context.model();
    if (!phase.ignored().isEmpty()) {
      throw new IllegalArgumentException(
          "phase '%s' of methods %s solves its head with %s and would ignore %s"
              .formatted(
                  phase.name(),
                  context.job().plan().methods().stream().map(Choice::id).toList(),
                  LinearProbe.ID,
                  phase.ignored()));
    }
    String head = model.groups().get(model.groups().size() - 1).name();
    boolean onlyHead = trainables.parameters().stream().allMatch(p -> p.group().equals(head));
    boolean linear =
        Modules.child(model.network(), model.network().headPath()).layer() instanceof Linear;
    boolean fixed = phase.streams().get(0).augmentation().equals(Stream.NONE);
    boolean vectors =
        context.task().headInput() == HeadInput.EXAMPLE && context.task().reads().isEmpty();
    if (!onlyHead || !linear || !fixed || !vectors) {
      throw new IllegalArgumentException(
          ("phase '%s' solves its head with %s: the head must be linear and read one vector per"
                  + " example, only the group '%s' may train, and the stream may not be augmented")
              .formatted(phase.name(), LinearProbe.ID, head));
    }
  }

  private static LinearProbe.Part part(RunContext context, Inputs inputs, String name) {
    Dataset data = context.data(name);
    List<Tensor> features = new ArrayList<>();
    List<double[]> targets = new ArrayList<>();
    Feed.Batches batches =
        inputs
            .evaluationFeed(name)
            .batches(
                ExampleReader.batches(ExampleReader.inOrder(data.size()), 256),
                inputs.evaluation());
    while (batches.hasNext()) {
      try (Scope step = Scope.open()) {
        Feed.Loaded loaded = batches.next();
        if (loaded != null) {
          // Nothing is left to do where the frozen groups ran in front.
          int head = context.model().groups().size() - 1;
          NamedTensors state = context.model().forward(loaded.state(), inputs.cut(), head);
          features.add(step.keep(state.get("features").detach()));
          targets.addAll(Arrays.asList(data.targetRows(loaded.indices())));
        }
      }
    }
    return new LinearProbe.Part(
        features.isEmpty()
            ? Tensor.zeros(0, context.model().featureCount())
            : Tensor.cat(features, 0),
        targets.toArray(double[][]::new));
  }

  private static double loss(RunContext context, LinearProbe.Part part) {
    Model model = context.model();
    int groups = model.groups().size();
    model.network().setTrainingAll(false);
    NamedTensors outputs =
        model.forward(NamedTensors.of("features", part.features()), groups - 1, groups);
    return context.task().loss(outputs, LinearProbe.targets(context.task(), part)).item();
  }

  private static void record(
      RunContext context, Phase phase, LinearProbe.Result result, double loss, long began) {
    Progress progress = context.progress();
    Metric metric = context.task().metrics().get(0);
    if (!result.validation().isEmpty()) {
      progress.best = result.validation().get(result.l2());
    }
    progress.updates += result.iterations();
    progress.keep(RunState.hostCopy(context.moving()));
    EpochRecord epoch =
        new EpochRecord(
            phase.name(),
            1,
            progress.updates,
            loss,
            result.metrics(),
            Double.NaN,
            (System.nanoTime() - began) / 1e9);
    progress.history.add(epoch);
    context.job().listener().on(new TrainEvent.EpochEnded(epoch));
    if (!result.validation().isEmpty()) {
      String figures =
          result.validation().entrySet().stream()
              .map(e -> String.format(Locale.ROOT, "%.4f at %s", e.getValue(), plain(e.getKey())))
              .collect(Collectors.joining(", "));
      context.note(
          "phase %s: penalty L2 %s, picked by validation %s: %s"
              .formatted(phase.name(), plain(result.l2()), metric.id(), figures));
    }
  }

  /** A penalty as people write it: no exponent, no zeros at the end. */
  private static String plain(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
