package dev.graft.train;

import static dev.graft.spi.BoundTerm.Needs.FEATURES;

import dev.graft.model.Group;
import dev.graft.model.Parameter;
import dev.graft.plan.Choice;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Settings;
import dev.graft.plan.TermSpec;
import dev.graft.plan.Update;
import dev.graft.spi.BoundCombine;
import dev.graft.spi.BoundTerm;
import dev.graft.spi.Combine;
import dev.graft.spi.Optimizer;
import dev.graft.spi.Schedule;
import dev.graft.spi.Step;
import dev.graft.spi.Term;
import dev.graft.task.Evaluation;
import dev.graft.tensor.Tensor;
import dev.graft.train.optim.Gradients;
import dev.graft.train.optim.MovingAverage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One phase of a run at work: what trains, the frozen prefix and its features, the bound terms, the
 * optimizer and the schedule. {@link #update} is one turn of the loop.
 */
final class PhaseRun implements AutoCloseable {

  private final RunContext context;
  private final Phase phase;
  private final Trainables trainables;
  private final Inputs inputs;
  private final List<TermSpec> specs = new ArrayList<>();
  private final List<BoundTerm> terms = new ArrayList<>();
  private final List<Parameter> trained = new ArrayList<>();
  private final Passes passes;
  private final TermView view;
  private final Optional<BoundCombine> rule;
  private final Backward backward;
  private final Optimizer.Updater updater;
  private final Schedule.Curve curve;
  private final double learningRate;
  private final MovingAverage average;

  /** What {@link #close} does, the last first. */
  private final Deque<Runnable> opened = new ArrayDeque<>();

  PhaseRun(RunContext context, Phase phase) {
    this.context = context;
    this.phase = phase;
    Optimizer optimizer = context.registry().get(Optimizer.class, phase.optimizer().id());
    Settings settings =
        phase.optimizer().settings().checked(optimizer.about().id(), optimizer.settings());
    trainables = new Trainables(context.model(), phase, settings.number("weight_decay"));
    trained.addAll(trainables.parameters());
    for (TermSpec spec : phase.terms()) {
      Term term = context.registry().get(Term.class, spec.id());
      Settings checked = spec.settings().checked(spec.id(), term.settings());
      specs.add(new TermSpec(spec.id(), checked, spec.weight(), spec.ramp()));
    }
    try {
      inputs = new Inputs(context, phase, trainables.cut());
      opened.push(inputs::close);
      Listening taps = new Listening(context.model(), phase.regime().bf16());
      passes = new Passes(context, phase, inputs, taps);
      view = new TermView(context, phase, trainables, inputs, passes);
      for (TermSpec spec : specs) {
        BoundTerm bound = context.registry().get(Term.class, spec.id()).bind(spec, view);
        opened.push(bound::close);
        terms.add(bound);
        trained.addAll(bound.parameters());
        taps.add(bound.needs().taps());
      }
      inputs.prepare(cutFor(terms), terms.stream().anyMatch(term -> term.needs().inputs()));
      rule = rule(phase.combine());
      rule.ifPresent(bound -> opened.push(bound::close));
      rule.ifPresent(bound -> trained.addAll(bound.parameters()));
      backward = new Backward(rule, trained);
      updater = optimizer.create(shares(settings.number("weight_decay")), settings);
      opened.push(updater::close);
      learningRate = settings.number("lr");
      Schedule schedule = context.registry().get(Schedule.class, phase.schedule().id());
      curve =
          schedule.bind(
              totalUpdates(),
              phase.schedule().settings().checked(schedule.about().id(), schedule.settings()));
      average =
          phase.regime().ema() > 0
              ? new MovingAverage(context.moving(), phase.regime().ema())
              : null;
      if (average != null) {
        opened.push(average::close);
      }
      terms.forEach(BoundTerm::prepare);
    } catch (RuntimeException e) {
      // What was bound before holds native memory, and nobody else knows of it.
      close();
      throw e;
    }
  }

  /** What the optimizer moves: the model's own, that of terms, that of the rule. */
  private List<Optimizer.Share> shares(double weightDecay) {
    List<Optimizer.Share> shares = new ArrayList<>(trainables.shares());
    for (BoundTerm term : terms) {
      if (!term.parameters().isEmpty()) {
        shares.add(new Optimizer.Share(term.parameters(), term.rate(), weightDecay));
      }
    }
    rule.filter(bound -> !bound.parameters().isEmpty())
        .ifPresent(bound -> shares.add(new Optimizer.Share(bound.parameters(), bound.rate(), 0)));
    return shares;
  }

  private Optional<BoundCombine> rule(Choice combine) {
    if (combine.id().equals(Phase.SUM.id())) {
      return Optional.empty();
    }
    Combine known = context.registry().get(Combine.class, combine.id());
    return Optional.of(
        known.bind(combine.settings().checked(combine.id(), known.settings()), view));
  }

  /** The cut, moved towards the input where a term listens or needs a gradient there. */
  private int cutFor(List<BoundTerm> bound) {
    int cut = trainables.cut();
    List<Group> groups = context.model().groups();
    String head = groups.get(groups.size() - 1).name();
    for (BoundTerm term : bound) {
      if (term.needs().inputGradient()) {
        cut = 0;
      }
      for (String path : term.needs().taps()) {
        String group = path.equals(FEATURES) ? head : context.model().groupOf(path);
        cut = Math.min(cut, context.model().groupIndex(group));
      }
    }
    return cut;
  }

  /**
   * One step: one update of everything, or those that the phase lists, on the same batch.
   *
   * <pre>
   * for each update:
   *   for each micro-batch: beforeForward, forward, loss, backward
   *   afterBackward
   *   clip; skip where loss or gradient is not finite
   *   optimizer step, afterUpdate
   * </pre>
   *
   * @param step number of the step in the phase, from 0
   * @param batch what each stream gave
   * @param parts number of micro-batches
   * @return what the last of them gave, or the first that was skipped
   */
  UpdateOutcome update(long step, List<Feed.Loaded> batch, int parts) {
    trainables.enterTraining();
    UpdateOutcome outcome = null;
    for (Update update : phase.updatesPerStep()) {
      for (int i = 0; i < update.repeat(); i++) {
        outcome = update(update, step, batch, parts);
        if (!outcome.done()) {
          return outcome;
        }
      }
    }
    if (average != null) {
      average.update();
    }
    return outcome;
  }

  private UpdateOutcome update(Update update, long number, List<Feed.Loaded> batch, int parts) {
    backward.start(specs.stream().filter(spec -> update.weights().containsKey(spec.id())).toList());
    double loss = 0;
    Step step = null;
    int rows = batch.get(0).examples();
    int used = Math.min(parts, smallest(batch));
    for (int part = 0; part < used; part++) {
      List<Feed.Loaded> micro = inputs.slice(batch, part, used);
      double share = micro.get(0).examples() / (double) rows;
      step = forward(number, micro);
      loss += backward.add(losses(step, update), share) * share;
    }
    Plan plan = context.job().plan();
    backward.finish(number, Seeds.generator(plan.seed(), plan.phases().indexOf(phase), number, 3));
    for (Parameter parameter : trained) {
      if (!update.groups().isEmpty() && !update.groups().contains(parameter.group())) {
        parameter.tensor().clearGrad();
      }
    }
    for (BoundTerm term : terms) {
      term.afterBackward(step);
    }
    double bound = phase.regime().clipNorm();
    double norm = bound > 0 ? Gradients.clip(trained, bound) : Gradients.norm(trained);
    if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
      backward.start(List.of());
      return new UpdateOutcome(loss, norm, rows, false);
    }
    updater.step(rate(number), curve.momentum(number));
    for (BoundTerm term : terms) {
      term.afterUpdate(step);
    }
    backward.afterUpdate(number);
    return new UpdateOutcome(loss, norm, rows, true);
  }

  /** Examples in the smallest batch of the streams: no micro-batch of any of them is empty. */
  static int smallest(List<Feed.Loaded> batch) {
    return batch.stream().mapToInt(Feed.Loaded::examples).min().orElse(0);
  }

  /**
   * What an update gave.
   *
   * @param loss mean over the batch
   * @param gradientNorm before clipping
   * @param examples in the batch
   * @param done false if it was skipped because a number was not finite
   */
  record UpdateOutcome(double loss, double gradientNorm, int examples, boolean done) {}

  /** Learning rate of an update, before factors of groups. */
  double rate(long update) {
    return learningRate * curve.rate(update) * context.progress().rateFactor;
  }

  private Step forward(long update, List<Feed.Loaded> micro) {
    Step before = new Step(update, passes.parts(micro, false));
    terms.forEach(term -> term.beforeForward(before));
    return new Step(update, passes.parts(micro, true));
  }

  private List<Tensor> losses(Step step, Update update) {
    List<Tensor> losses = new ArrayList<>();
    for (int i = 0; i < terms.size(); i++) {
      TermSpec spec = specs.get(i);
      Double factor = update.weights().get(spec.id());
      if (factor != null) {
        double weight = factor * spec.weightAt(step.update());
        Tensor loss = terms.get(i).loss(step);
        losses.add(weight == 1 ? loss : loss.mul(weight));
      }
    }
    return losses;
  }

  /** What the present weights, or their moving average, say about a data set of a task. */
  private Evaluation evaluate(String task, String data) {
    trainables.enterEvaluation();
    if (average != null) {
      average.swap();
    }
    try {
      return Evaluator.evaluate(
          context.job(),
          context.model(),
          inputs.cut(),
          context.task().all().get(task),
          inputs.evaluationFeed(data));
    } finally {
      if (average != null) {
        average.swap();
      }
    }
  }

  /** Figures of all tasks on a part of their data; empty where no task has such a part. */
  Map<String, Double> figures(String part) {
    return context.figures(part, this::evaluate);
  }

  /** Exchanges weights and their moving average, where there is one. */
  void swapAverage() {
    if (average != null) {
      average.swap();
    }
  }

  /** Batches of an epoch, from a batch on. */
  Inputs.Epoch epoch(int epoch, int fromBatch) {
    return inputs.epoch(epoch, fromBatch);
  }

  Phase phase() {
    return phase;
  }

  /** Number of updates of the phase, if nothing ends it before. */
  long totalUpdates() {
    return view.totalUpdates();
  }

  Inputs inputs() {
    return inputs;
  }

  Trainables trainables() {
    return trainables;
  }

  Progress progress() {
    return context.progress();
  }

  Optimizer.Updater updater() {
    return updater;
  }

  /** The moving average, or null. */
  MovingAverage average() {
    return average;
  }

  List<BoundTerm> terms() {
    return terms;
  }

  /** What the rule that combines the terms remembers; empty where there is none. */
  Map<String, Tensor> ruleState() {
    return rule.map(BoundCombine::state).orElse(Map.of());
  }

  @Override
  public void close() {
    trainables.leave();
    while (!opened.isEmpty()) {
      opened.pop().run();
    }
  }
}
