package dev.graft.train;

import dev.graft.report.EpochRecord;
import dev.graft.task.Figure;
import dev.graft.task.Task;
import java.util.Map;

/**
 * Chooses the weights that a run returns: the newest that are not worse on the validation part than
 * the best, by the task's selecting metric; without such a part, the newest.
 *
 * <p>Worse is what a sign test tells apart at 5 %: more than {@value #CHANCE} examples. With a few
 * dozen examples the best of many epochs is the luckiest, and often an early one. Figures that are
 * no share of anything, such as errors in the unit of the target, are compared as they are.
 */
final class BestWeights {

  /**
   * Six examples that change all change in one direction by chance in 1 of 32 cases, five in 16.
   */
  private static final int CHANCE = 5;

  private final RunContext context;

  BestWeights(RunContext context) {
    this.context = context;
  }

  /**
   * Evaluates on the validation part, keeps the weights if they are the best so far, and records
   * the epoch.
   *
   * @param trainingLoss mean over the epoch; NaN before the first
   * @param seconds what its updates took
   */
  void endEpoch(PhaseRun run, double trainingLoss, double seconds) {
    Progress progress = context.progress();
    long began = System.nanoTime();
    Map<String, Double> figures = run.figures("validation");
    if (figures.isEmpty() || isGood(figures)) {
      run.swapAverage();
      progress.keep(RunState.hostCopy(context.moving()));
      run.swapAverage();
    }
    EpochRecord record =
        new EpochRecord(
            run.phase().name(),
            progress.epoch,
            progress.updates,
            trainingLoss,
            figures,
            run.rate(Math.max(0, progress.phaseUpdates - 1)),
            seconds + (System.nanoTime() - began) / 1e9);
    progress.history.add(record);
    context.job().listener().on(new TrainEvent.EpochEnded(record));
    Overfitting.note(progress.history, run.phase().name()).ifPresent(context::noteOnce);
  }

  private boolean isGood(Map<String, Double> figures) {
    Progress progress = context.progress();
    if (isUntrained()) {
      return true; // until there is another
    }
    Figure figure = Figure.selector(context.task());
    double value = figures.get(figure.id());
    boolean first = Double.isNaN(progress.best);
    boolean better = figure.higherIsBetter() ? value > progress.best : value < progress.best;
    if (first || better) {
      progress.best = value;
      progress.sinceBest = 0;
      return true;
    }
    if (progress.epoch > 0) {
      progress.sinceBest++;
    }
    double lost = figure.higherIsBetter() ? progress.best - value : value - progress.best;
    return lost <= chance(figure);
  }

  /** The largest difference between shares of the validation part that says nothing. */
  private double chance(Figure figure) {
    double best = context.progress().best;
    if (!figure.higherIsBetter() || best < 0 || best > 1) {
      return 0;
    }
    int examples =
        context.task().all().keySet().stream()
            .mapToInt(name -> context.data(Task.dataName(name, "validation")).size())
            .filter(size -> size > 0)
            .min()
            .orElseThrow();
    return (CHANCE + 0.5) / examples;
  }

  /**
   * True if weights are random that a task needs: what they say about a few examples may be right
   * by chance and is not selected.
   */
  private boolean isUntrained() {
    return context.progress().updates == 0
        && (context.job().plan().fromScratch() || !context.task().keepsHead());
  }

  /** Whether a phase has made all its updates, or has been without a better value for too long. */
  static boolean isExhausted(PhaseRun run) {
    Progress progress = run.progress();
    int patience = run.phase().length().patience();
    return progress.phaseUpdates >= run.totalUpdates()
        || (patience > 0 && progress.sinceBest >= patience);
  }
}
