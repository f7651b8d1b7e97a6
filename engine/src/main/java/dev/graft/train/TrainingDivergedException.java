package dev.graft.train;

/** Losses or gradients stayed non-finite although batches were skipped and the run rolled back. */
public final class TrainingDivergedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Says what happened and what to try. */
  public TrainingDivergedException(String message) {
    super(message);
  }
}
