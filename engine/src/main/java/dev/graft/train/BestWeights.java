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

  private boolean isBest(Map<String, Double> figures) {
    Progress progress = context.progress();
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
    return false;
  }

  /** Whether a phase has made all its updates, or has been without a better value for too long. */
  static boolean isExhausted(PhaseRun run) {
    Progress progress = run.progress();
    int patience = run.phase().length().patience();
    return progress.phaseUpdates >= run.totalUpdates()
        || (patience > 0 && progress.sinceBest >= patience);
  }

  /** The figures that the kept weights were chosen by: the first that reached the best value. */
  Map<String, Double> figures() {
    Progress progress = context.progress();
    String metric = Figure.selector(context.task()).id();
    return progress.history.stream()
        .map(EpochRecord::validation)
        .filter(figures -> figures.containsKey(metric) && figures.get(metric) == progress.best)
        .findFirst()
        .orElse(Map.of());
  }
}
