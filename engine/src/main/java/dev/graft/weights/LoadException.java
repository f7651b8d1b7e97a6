package dev.graft.weights;

/** Weights that do not fit the model they were to be loaded into. */
public final class LoadException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient LoadReport report;

  LoadException(String model, LoadReport report) {
    super(
        "the weights do not fit %s; choose the right settings or give rules for what may differ: %s"
            .formatted(model, report.render()));
    this.report = report;
  }

  /** Every tensor by name, with what is wrong about it. */
  public LoadReport report() {
    return report;
  }
}
