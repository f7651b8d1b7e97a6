package dev.graft.train;

import dev.graft.data.ExampleReader;
import dev.graft.model.Model;
import dev.graft.plan.Choice;
import dev.graft.plan.Phase;
import dev.graft.plan.Settings;
import dev.graft.report.TrainResult;
import dev.graft.spi.Surgery;
import dev.graft.task.Evaluation;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.LibTorchException;
import dev.graft.tensor.OutOfNativeMemoryException;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Scope;
import dev.graft.train.Snapshots.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Carries out a plan. The whole of a run, phase by phase and update by update, stands in {@link
 * #loop}; a run folder that holds snapshots goes on where the newest one stands.
 */
public final class Trainer implements AutoCloseable {

  /** Updates skipped in a row before the run rolls back. */
  private static final int SKIPS_BEFORE_ROLLBACK = 3;

  /** Rollbacks before the run gives up. */
  private static final int MOST_ROLLBACKS = 3;

  private final TrainJob job;
  private final Snapshots snapshots;
  private final Model model;
  private RunContext context;
  private final Map<String, Evaluation> testEvaluations = new LinkedHashMap<>();
  private long startNanos;

  /** Builds the model of the job: base, surgery, new head. */
  public Trainer(TrainJob job) {
    this.job = job;
    this.snapshots =
        new Snapshots(job.folder().resolve("snapshots"), job.options().keepSnapshots());
    RandomState.seed(Seeds.derive(job.plan().seed(), 0));
    this.model = build(job);
  }

  /** The network of a plan before training: base, surgery, new head. The caller closes it. */
  public static Model build(TrainJob job) {
    Model model = job.plan().fromScratch() ? job.base().random() : job.base().pretrained();
    for (Choice choice : job.plan().surgery()) {
      Surgery surgery = job.registry().get(Surgery.class, choice.id());
      Settings settings = choice.settings().checked(choice.id(), surgery.settings());
      try (Scope scope = Scope.open();
          Autograd off = Autograd.off()) {
        surgery.apply(model, settings, job.task());
      }
    }
    return model;
  }

  /** What a model as it is says about the test part of a job. */
  public static Evaluation evaluate(TrainJob job, Model model) {
    ExecutorService executor = Executors.newFixedThreadPool(job.options().decodeThreads());
    try {
      ExampleReader reader = new ExampleReader(executor, job.options().skipCorrupt(), e -> {});
      Feed feed = new Feed(job.data().test(), null, null, job.preprocessing(), reader);
      return Evaluator.whole(job, model, job.task(), feed);
    } finally {
      executor.shutdownNow();
    }
  }

  /** The model; after {@link #run} with the weights that selection chose. */
  public Model model() {
    return model;
  }

  /**
   * What the returned weights say about each example of the test part of each task, by its name;
   * empty before the run ended, and without the tasks that have no test part.
   */
  public Map<String, Evaluation> testEvaluations() {
    return Collections.unmodifiableMap(testEvaluations);
  }

  /**
   * Runs the plan to its end, or until the job says stop.
   *
   * @throws TrainingDivergedException if losses stay non-finite
   */
  public TrainResult run() {
    startNanos = System.nanoTime();
    try {
      Optional<Snapshot> found = snapshots.newest();
      while (true) {
        Progress progress = found.map(s -> Progress.at(s.position())).orElseGet(Progress::new);
        try (RunContext opened = new RunContext(job, model, progress)) {
          context = opened;
          found.ifPresent(snapshot -> RunState.restoreWeights(snapshot, model, progress));
          job.listener().on(new TrainEvent.RunStarted(progress.updates, Map.of()));
          return finish(progress, loopUnlessStopped(progress, found));
        } catch (RollBack e) {
          found = rolledBack(progress);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean loopUnlessStopped(Progress progress, Optional<Snapshot> found)
      throws IOException {
    try {
      return loop(progress, found);
    } catch (StopRequested e) {
      return false;
    }
  }

  /** All phases from where the run stands. Returns false if it was stopped. */
  private boolean loop(Progress progress, Optional<Snapshot> found) throws IOException {
    Optional<Snapshot> restore = found;
    Carried carried = new Carried("", Map.of());
    List<Phase> phases = job.plan().phases();
    while (progress.phase < phases.size()) {
      Phase phase = phases.get(progress.phase);
      if (ProbePhase.is(phase)) {
        ProbePhase.run(context, phase);
      } else {
        try (PhaseRun run = new PhaseRun(context, phase)) {
          if (restore.isPresent()) {
            RunState.restore(restore.get(), model, run);
            restore = Optional.empty();
          } else if (carried.optimizer.equals(phase.optimizer().id())) {
            run.updater().restore(carried.state);
          }
          if (!updates(run, phase)) {
            return false;
          }
          carried = new Carried(phase.optimizer().id(), run.updater().state());
        }
      }
      progress.nextPhase();
    }
    return true;
  }

  /** State of an optimizer that the next phase takes over if it uses the same one. */
  private record Carried(String optimizer, Map<String, HostTensor> state) {}

  /** The loop of one phase: epochs, updates, selection, snapshots. Returns false if stopped. */
  private boolean updates(PhaseRun run, Phase phase) throws IOException {
    Progress progress = context.progress();
    BestWeights selection = new BestWeights(context);
    announce(phase, run);
    Pace pace = new Pace(phase.name(), run.totalUpdates(), job.listener());
    if (progress.isNew(phase.name())) {
      selection.endEpoch(run, Double.NaN, 0);
      save(run);
    }
    while (progress.epoch < phase.length().epochs()
        && (progress.withinEpoch() || !BestWeights.isExhausted(run))) {
      long began = System.nanoTime();
      Inputs.Epoch epoch = run.epoch(progress.epoch, progress.batch);
      while (epoch.hasNext() && progress.phaseUpdates < run.totalUpdates()) {
        try (Scope scope = Scope.open()) {
          List<Feed.Loaded> batch = epoch.next();
          if (batch != null) {
            PhaseRun.UpdateOutcome made = count(attempt(run, batch));
            pace.tell(progress.phaseUpdates, made);
          }
        }
        progress.batch++;
        if (job.stop().getAsBoolean()) {
          save(run);
          return false;
        }
        if (dueWithinEpoch(progress)) {
          save(run);
        }
      }
      progress.epoch++;
      selection.endEpoch(run, progress.lossSum / progress.lossCount, seconds(began));
      progress.startEpoch();
      save(run);
    }
    return true;
  }

  /** One update; where memory runs out it is tried again with micro-batches of half the size. */
  private PhaseRun.UpdateOutcome attempt(PhaseRun run, List<Feed.Loaded> batch) {
    int parts = run.phase().regime().accumulate();
    while (true) {
      HostTensor random = RandomState.save();
      try (Scope scope = Scope.open()) {
        return run.update(context.progress().phaseUpdates, batch, parts);
      } catch (RuntimeException e) {
        RuntimeException readable = LibTorchException.readable(e);
        boolean indivisible = parts >= PhaseRun.smallest(batch);
        if (indivisible || !(readable instanceof OutOfNativeMemoryException)) {
          throw readable;
        }
        RandomState.restore(random);
        parts *= 2;
        context.note("out of memory: the batch is computed in %d parts".formatted(parts));
      }
    }
  }

  private PhaseRun.UpdateOutcome count(PhaseRun.UpdateOutcome outcome) {
    Progress progress = context.progress();
    progress.phaseUpdates++;
    progress.updates++;
    if (outcome.done()) {
      progress.skipsInARow = 0;
      progress.lossSum += outcome.loss();
      progress.lossCount++;
    } else {
      progress.skipsInARow++;
      context.note(
          "update %d skipped: loss %s, gradient norm %s"
              .formatted(progress.updates, outcome.loss(), outcome.gradientNorm()));
      if (progress.skipsInARow >= SKIPS_BEFORE_ROLLBACK) {
        throw new RollBack();
      }
    }
    return outcome;
  }

  private boolean dueWithinEpoch(Progress progress) {
    int every = job.options().snapshotUpdates();
    return every > 0 && progress.updates % every == 0;
  }

  private void announce(Phase phase, PhaseRun run) {
    job.listener()
        .on(
            new TrainEvent.PhaseStarted(
                phase.name(),
                context.progress().phase + 1,
                job.plan().phases().size(),
                run.totalUpdates(),
                run.trainables().count(),
                run.inputs().cut()));
  }

  /**
   * Restores the kept weights, computes the final figures, touches the test part once. The
   * validation figures are those of the epoch they are from; where a phase fitted to the validation
   * part too, they are from before.
   */
  private TrainResult finish(Progress progress, boolean completed) {
    Map<String, Double> validation = Map.of();
    Map<String, Double> test = Map.of();
    if (completed) {
      RunState.load(model, progress.bestWeights);
      validation =
          progress.history.isEmpty()
              ? context.figures("validation", this::evaluation)
              : progress.history.get(progress.kept).validation();
      test = context.figures("test", this::tested);
    }
    int corrupt = progress.skipped.size();
    if (corrupt > 0) {
      context.note("%d examples could not be read and were skipped".formatted(corrupt));
    }
    job.listener().on(new TrainEvent.RunEnded(completed, progress.updates));
    return new TrainResult(
        progress.history,
        progress.kept,
        validation,
        test,
        context.trainedCount(),
        model.parameterCount(),
        progress.updates,
        progress.seconds + seconds(startNanos),
        progress.notes,
        List.copyOf(progress.skipped),
        completed);
  }

  private Evaluation tested(String task, String data) {
    Evaluation evaluation = evaluation(task, data);
    testEvaluations.put(task, evaluation);
    return evaluation;
  }

  /** What the present weights say about a data set of a task. */
  private Evaluation evaluation(String task, String data) {
    Feed feed = new Feed(context.data(data), null, null, job.preprocessing(), context.reader());
    return Evaluator.whole(job, model, job.task().all().get(task), feed);
  }

  // ---- snapshots ----

  private void save(PhaseRun run) throws IOException {
    Progress progress = context.progress();
    Progress.Position position = progress.position(seconds(startNanos));
    Snapshot snapshot = new Snapshot(position, RunState.of(context, run));
    String name = snapshots.save(snapshot).getFileName().toString();
    job.listener().on(new TrainEvent.SnapshotSaved(name, progress.updates));
  }

  /** Leaves the loop in order to go on from the newest snapshot with half the learning rate. */
  private static final class RollBack extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private Optional<Snapshot> rolledBack(Progress failed) throws IOException {
    if (failed.rollbacks >= MOST_ROLLBACKS) {
      throw new TrainingDivergedException(
          ("training diverged: losses stayed non-finite after %d rollbacks, the learning rate is"
                  + " down to 1/%d; lower lr, clip gradients, or look for broken inputs")
              .formatted(MOST_ROLLBACKS, 1 << MOST_ROLLBACKS));
    }
    Snapshot newest =
        snapshots
            .newest()
            .orElseThrow(() -> new IllegalStateException("no snapshot to roll back to"));
    Progress again = Progress.at(newest.position());
    again.rollbacks = failed.rollbacks + 1;
    again.rateFactor = failed.rateFactor / 2;
    String text = "rolled back to update %d with half the learning rate".formatted(again.updates);
    again.notes.add(text);
    job.listener().on(new TrainEvent.Note(text));
    return Optional.of(new Snapshot(again.position(0), newest.tensors()));
  }

  private static double seconds(long sinceNanos) {
    return (System.nanoTime() - sinceNanos) / 1e9;
  }

  @Override
  public void close() {
    model.close();
  }
}
