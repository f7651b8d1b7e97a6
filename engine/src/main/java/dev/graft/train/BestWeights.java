package dev.graft.train;

import dev.graft.report.EpochRecord;
import dev.graft.task.Figure;
import java.util.Map;

/**
 * Chooses the weights that a run returns: those with the best value of the task's selecting metric
 * on the validation part; without such a part, the newest.
 */
final class BestWeights {

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
    if (figures.isEmpty() || isBest(figures)) {
      run.swapAverage();
      progress.bestWeights = RunState.hostCopy(context.moving());
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

  /**
   * Of epochs with equal figures the last is kept: a small validation part tells few values apart,
   * and the weights of the last have been trained longest.
   */
  private boolean isBest(Map<String, Double> figures) {
    Progress progress = context.progress();
    if (isUntrained(progress.updates)) {
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
    return value == progress.best;
  }

  /**
   * True if weights are random that a task needs: what they say about a few examples may be right
   * by chance and is not selected.
   */
  private boolean isUntrained(long updates) {
    return updates == 0 && (context.job().plan().fromScratch() || !context.task().keepsHead());
  }

  /** Whether a phase has made all its updates, or has been without a better value for too long. */
  static boolean isExhausted(PhaseRun run) {
    Progress progress = run.progress();
    int patience = run.phase().length().patience();
    return progress.phaseUpdates >= run.totalUpdates()
        || (patience > 0 && progress.sinceBest >= patience);
  }

  /** The figures that the kept weights were chosen by: the last that reached the best value. */
  Map<String, Double> figures() {
    Progress progress = context.progress();
    String metric = Figure.selector(context.task()).id();
    return progress.history.stream()
        .filter(epoch -> !isUntrained(epoch.updates()))
        .map(EpochRecord::validation)
        .filter(figures -> figures.containsKey(metric) && figures.get(metric) == progress.best)
        .reduce((earlier, later) -> later)
        .orElse(Map.of());
  }
}
