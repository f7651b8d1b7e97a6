package dev.graft.train;

/** Is told what happens in a run, on the training thread. */
@FunctionalInterface
public interface TrainListener {

  /** Hears nothing. */
  TrainListener NONE = event -> {};

  /** Something happened. */
  void on(TrainEvent event);

  /** This listener first, then another. */
  default TrainListener and(TrainListener other) {
    return event -> {
      on(event);
      other.on(event);
    };
  }
}
