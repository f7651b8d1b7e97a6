package dev.graft.train;

import dev.graft.data.Split;
import dev.graft.model.Model;
import dev.graft.plan.Choice;
import dev.graft.plan.Length;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.TermSpec;
import dev.graft.report.RangeTest;
import dev.graft.report.RateCurve;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The learning-rate range test (Smith 2017; form and numbers: fastai): a phase is trained for a
 * hundred updates while its rate rises geometrically from 1e-7 to 10, or until the smoothed loss
 * has grown to four times its best. Mixup, cutmix, label smoothing and the moving average are off
 * meanwhile: they hide the loss that is looked for.
 *
 * <p>What the test has moved is put back bit for bit: weights, buffers and random state. Optimizer
 * and terms are its own.
 */
public final class LrFinder {

  private static final int UPDATES = 100;
  private static final double FROM = 1e-7;
  private static final double TO = 10;

  /** Share of the old value in the smoothed loss. */
  private static final double MEMORY = 0.98;

  /** Smoothed loss over the best one at which the test ends. */
  private static final double BLOWN_UP = 4;

  /** Points at the end that no suggestion comes from: the blow-up itself. */
  private static final int LAST_LEFT_OUT = 5;

  /** Terms that hide the loss that is looked for, by id; they count nothing in the test. */
  private static final Set<String> BLURRING = Set.of("label-smoothing");

  private final TrainJob job;

  /** For the phases of a job's plan. */
  public LrFinder(TrainJob job) {
    this.job = job;
  }

  /**
   * Tests a phase in the state in which a run would reach it: the phases before it are carried out
   * first, in the job's folder. The test part of the data is not touched.
   *
   * @param phase its name; empty: the first that trains by updates
   * @throws IllegalArgumentException if there is no such phase, or it has no learning rate
   * @throws TrainingDivergedException if the loss is not finite before enough updates were made
   */
  public RangeTest find(String phase) {
    Phase chosen = choose(phase);
    List<Phase> phases = job.plan().phases();
    List<Phase> before = phases.subList(0, phases.indexOf(chosen));
    Split data = job.data();
    Split withoutTest =
        new Split(
            data.training(), data.validation(), data.test().subset(new int[0]), data.others());
    try (Trainer trainer =
        new Trainer(job.withPlan(job.plan().withPhases(before)).withData(withoutTest))) {
      if (!before.isEmpty() && !trainer.run().completed()) {
        throw new IllegalArgumentException(
            "stopped before phase '%s'; nothing was found".formatted(chosen.name()));
      }
      return find(trainer.model(), chosen.name());
    }
  }

  /** Tests a phase on a model as it stands, and puts everything back. */
  public RangeTest find(Model model, String phase) {
    Phase chosen = choose(phase);
    Phase tested = tested(chosen);
    Plan plan = job.plan().mapPhases(each -> each.equals(chosen) ? tested : each);
    HostTensor random = RandomState.save();
    Map<String, HostTensor> state = RunState.hostCopy(model.state());
    try (RunContext context = new RunContext(job.withPlan(plan), model, new Progress())) {
      try (PhaseRun run = new PhaseRun(context, tested)) {
        return result(chosen.name(), record(context, run));
      } finally {
        RunState.load(model, state);
        RandomState.restore(random);
      }
    }
  }

  /** The points of a test, and whether it ended early. */
  private record Recorded(List<RateCurve.Point> points, boolean diverged) {}

  private Recorded record(RunContext context, PhaseRun run) {
    List<RateCurve.Point> points = new ArrayList<>();
    Pace pace = new Pace(run.phase().name(), UPDATES, job.listener());
    double average = 0;
    double best = Double.POSITIVE_INFINITY;
    for (int epoch = 0; points.size() < UPDATES; epoch++) {
      Inputs.Epoch batches = run.epoch(epoch, 0);
      while (batches.hasNext() && points.size() < UPDATES) {
        int update = points.size();
        context.progress().rateFactor = rate(update);
        PhaseRun.UpdateOutcome outcome = update(run, update, batches);
        if (outcome != null) {
          pace.tell(update + 1, outcome);
          average = MEMORY * average + (1 - MEMORY) * outcome.loss();
          double smoothed = average / (1 - Math.pow(MEMORY, update + 1));
          best = Math.min(best, smoothed);
          if (!outcome.done() || smoothed > BLOWN_UP * best) {
            return new Recorded(points, true);
          }
          points.add(new RateCurve.Point(rate(update), smoothed));
        }
      }
    }
    return new Recorded(points, false);
  }

  private static PhaseRun.UpdateOutcome update(PhaseRun run, int update, Inputs.Epoch batches) {
    try (Scope scope = Scope.open()) {
      List<Feed.Loaded> batch = batches.next();
      return batch == null ? null : run.update(update, batch, run.phase().regime().accumulate());
    }
  }

  private static double rate(int update) {
    return FROM * Math.pow(TO / FROM, (double) update / UPDATES);
  }

  private static RangeTest result(String phase, Recorded recorded) {
    List<RateCurve.Point> points = recorded.points;
    int from = UPDATES / 10;
    int to = points.size() - LAST_LEFT_OUT;
    if (to - from < RateCurve.FEWEST) {
      throw new TrainingDivergedException(
          ("the range test of phase '%s' ended after %d updates, at a learning rate of %.1e: the"
                  + " loss grew before anything was learned; look for broken inputs")
              .formatted(phase, points.size(), rate(points.size())));
    }
    return new RangeTest(phase, points, new RateCurve(points.subList(from, to)), recorded.diverged);
  }

  /** The phase with rate 1, which the factor of the progress makes the rate of the test. */
  static Phase tested(Phase phase) {
    List<TermSpec> terms =
        phase.terms().stream()
            .map(t -> BLURRING.contains(t.id()) ? new TermSpec(t.id(), t.settings(), 0, 0) : t)
            .toList();
    return phase
        .withTerms(terms)
        .withOptimizer(phase.optimizer().with("lr", 1.0))
        .withSchedule(Choice.of("constant"))
        .withLength(new Length(UPDATES, UPDATES, 0))
        .withRegime(phase.regime().withMixing(0, 0).withEma(0));
  }

  private Phase choose(String name) {
    List<Phase> phases = job.plan().phases();
    Phase found =
        phases.stream()
            .filter(each -> name.isEmpty() ? !ProbePhase.is(each) : each.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        name.isEmpty()
                            ? "no phase has a learning rate: %s; choose a method that trains by"
                                    .formatted(names(phases))
                                + " updates, such as fine-tune"
                            : "no phase is named '%s'; the plan has %s"
                                .formatted(name, names(phases))));
    if (ProbePhase.is(found)) {
      throw new IllegalArgumentException(
          "phase '%s' solves its head exactly and has no learning rate; the plan has %s"
              .formatted(name, names(phases)));
    }
    return found;
  }

  private static List<String> names(List<Phase> phases) {
    return phases.stream()
        .map(phase -> phase.name() + (ProbePhase.is(phase) ? " (solved exactly)" : ""))
        .toList();
  }
}
