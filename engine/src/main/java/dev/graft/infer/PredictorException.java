package dev.graft.infer;

/** A predictor does not answer a request; the reason says why, the message what to do. */
public final class PredictorException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  /** Why there is no answer. */
  public enum Reason {
    /** The predictor was closed before or while the request waited. */
    CLOSED,
    /** As many requests wait as may wait. */
    OVERLOADED,
    /** The deadline of the request would have passed before its answer. */
    LATE,
    /** The thread that waited for the answer was interrupted. */
    INTERRUPTED
  }

  private final Reason reason;

  private PredictorException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  static PredictorException closed() {
    return new PredictorException(
        Reason.CLOSED, "the predictor is closed; open the bundle again", null);
  }

  static PredictorException overloaded(int capacity) {
    return new PredictorException(
        Reason.OVERLOADED,
        "%d requests wait already; send fewer at a time or raise the capacity".formatted(capacity),
        null);
  }

  static PredictorException late() {
    return new PredictorException(
        Reason.LATE, "no answer before the deadline; give more time or send fewer requests", null);
  }

  static PredictorException interrupted(InterruptedException cause) {
    return new PredictorException(
        Reason.INTERRUPTED, "interrupted while waiting for a prediction", cause);
  }

  /** Why there is no answer. */
  public Reason reason() {
    return reason;
  }
}
