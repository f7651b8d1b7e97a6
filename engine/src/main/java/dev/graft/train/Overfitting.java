package dev.graft.train;

import dev.graft.report.EpochRecord;
import java.util.List;
import java.util.Optional;

/** Says in words when training goes on improving while validation gets worse. */
final class Overfitting {

  /** Epochs after the best validation loss before it is worth telling. */
  private static final int EPOCHS = 3;

  /** Rise of the validation loss over its best that counts, no unit. */
  private static final double RISE = 1.1;

  private Overfitting() {}

  /** The finding for a phase, if there is one. */
  static Optional<String> note(List<EpochRecord> history, String phase) {
    List<EpochRecord> epochs =
        history.stream()
            .filter(r -> r.phase().equals(phase) && r.epoch() > 0)
            .filter(r -> r.validation().containsKey("loss"))
            .toList();
    if (epochs.size() <= EPOCHS) {
      return Optional.empty();
    }
    EpochRecord best = epochs.get(0);
    for (EpochRecord epoch : epochs) {
      if (epoch.validation().get("loss") < best.validation().get("loss")) {
        best = epoch;
      }
    }
    EpochRecord last = epochs.get(epochs.size() - 1);
    double bestLoss = best.validation().get("loss");
    double lastLoss = last.validation().get("loss");
    boolean apart =
        last.epoch() - best.epoch() == EPOCHS
            && lastLoss > RISE * bestLoss
            && last.trainingLoss() < best.trainingLoss();
    return apart
        ? Optional.of(
            ("overfitting in phase %s: since epoch %d the training loss fell from %.4f to %.4f"
                    + " while the validation loss rose from %.4f to %.4f; try fewer epochs, a"
                    + " lower learning rate, more augmentation, or freezing more groups")
                .formatted(
                    phase,
                    best.epoch(),
                    best.trainingLoss(),
                    last.trainingLoss(),
                    bestLoss,
                    lastLoss))
        : Optional.empty();
  }
}
