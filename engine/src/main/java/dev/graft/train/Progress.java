package dev.graft.train;

import dev.graft.report.EpochRecord;
import dev.graft.tensor.HostTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where a run stands: everything but the weights that decides what happens next. Belongs to the
 * training thread; snapshots write and restore it.
 */
final class Progress {

  /**
   * The plain part, as it stands in a snapshot.
   *
   * @param phase index of the phase
   * @param epoch epochs of the phase that are complete
   * @param batch batches of the present epoch that are complete
   * @param phaseUpdates updates of the phase
   * @param updates updates of the run
   * @param lossSum sum of the losses of the present epoch
   * @param lossCount number of losses in the sum
   * @param best best value of the selecting metric so far; NaN before the first
   * @param sinceBest epochs without a better value
   * @param kept number of the epoch in the history whose weights are kept; −1 before the first
   * @param rateFactor factor on all learning rates, halved by each rollback
   * @param rollbacks rollbacks so far
   * @param history epochs that are complete
   * @param notes findings in words
   * @param skipped names of the examples that could not be read
   * @param seconds wall-clock time of earlier processes
   */
  record Position(
      int phase,
      int epoch,
      int batch,
      long phaseUpdates,
      long updates,
      double lossSum,
      long lossCount,
      double best,
      int sinceBest,
      int kept,
      double rateFactor,
      int rollbacks,
      List<EpochRecord> history,
      List<String> notes,
      List<String> skipped,
      double seconds) {}

  int phase;
  int epoch;
  int batch;
  long phaseUpdates;
  long updates;
  double lossSum;
  long lossCount;
  double best = Double.NaN;
  int sinceBest;
  int kept = -1;
  double rateFactor = 1;
  int rollbacks;
  double seconds;
  int skipsInARow;
  List<EpochRecord> history = new ArrayList<>();
  List<String> notes = new ArrayList<>();
  Set<String> skipped = new TreeSet<>();

  /** The weights that are kept, by name; empty before the first. */
  Map<String, HostTensor> bestWeights = new LinkedHashMap<>();

  /** The plain part; {@code more} seconds have passed in this process. */
  Position position(double more) {
    return new Position(
        phase,
        epoch,
        batch,
        phaseUpdates,
        updates,
        lossSum,
        lossCount,
        best,
        sinceBest,
        kept,
        rateFactor,
        rollbacks,
        List.copyOf(history),
        List.copyOf(notes),
        List.copyOf(skipped),
        seconds + more);
  }

  static Progress at(Position position) {
    Progress progress = new Progress();
    progress.phase = position.phase;
    progress.epoch = position.epoch;
    progress.batch = position.batch;
    progress.phaseUpdates = position.phaseUpdates;
    progress.updates = position.updates;
    progress.lossSum = position.lossSum;
    progress.lossCount = position.lossCount;
    progress.best = position.best;
    progress.sinceBest = position.sinceBest;
    progress.kept = position.kept;
    progress.rateFactor = position.rateFactor;
    progress.rollbacks = position.rollbacks;
    progress.seconds = position.seconds;
    progress.history = new ArrayList<>(position.history);
    progress.notes = new ArrayList<>(position.notes);
    progress.skipped = new TreeSet<>(position.skipped);
    return progress;
  }

  /** Keeps weights: those of the epoch that is recorded next. */
  void keep(Map<String, HostTensor> weights) {
    bestWeights = weights;
    kept = history.size();
  }

  /** True if nothing has been recorded of a phase yet. */
  boolean isNew(String name) {
    return history.stream().noneMatch(epoch -> epoch.phase().equals(name));
  }

  /** True if an epoch was begun that has no record yet, even if all its batches were read. */
  boolean withinEpoch() {
    return batch > 0;
  }

  /** Moves to the start of the next phase. */
  void nextPhase() {
    phase++;
    epoch = 0;
    phaseUpdates = 0;
    sinceBest = 0;
    startEpoch();
  }

  /** Moves to the start of the next epoch. */
  void startEpoch() {
    batch = 0;
    lossSum = 0;
    lossCount = 0;
  }
}
