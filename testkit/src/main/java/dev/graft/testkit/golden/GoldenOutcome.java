package dev.graft.testkit.golden;

/**
 * What came of checking one file of reference values.
 *
 * @param status passed, failed or not built
 * @param detail passed: how close (may be empty); failed: the worst value, named; not built: what
 *     is missing, by name
 */
public record GoldenOutcome(Status status, String detail) {

  /** In order of weight: where two tests looked at one file, the later status stands. */
  public enum Status {
    /** This project does not implement what the file describes. */
    NOT_BUILT("not built"),
    /** Every compared value is within its tolerance. */
    PASSED("passed"),
    /** At least one value is out of tolerance, or the check threw. */
    FAILED("failed");

    private final String words;

    Status(String words) {
      this.words = words;
    }

    /** The status as the ledger and the summary line write it. */
    public String words() {
      return words;
    }
  }

  /** All values agree; {@code detail} says how closely. */
  public static GoldenOutcome passed(String detail) {
    return new GoldenOutcome(Status.PASSED, detail);
  }

  /** A value disagrees; {@code detail} names the worst. */
  public static GoldenOutcome failed(String detail) {
    return new GoldenOutcome(Status.FAILED, detail);
  }

  /**
   * What the file describes does not exist here; {@code reason} names it. Does not fail a build.
   */
  public static GoldenOutcome notBuilt(String reason) {
    return new GoldenOutcome(Status.NOT_BUILT, reason);
  }
}
