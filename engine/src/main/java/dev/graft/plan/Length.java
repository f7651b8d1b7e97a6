package dev.graft.plan;

/**
 * How long a phase lasts at most, and when it ends early.
 *
 * @param epochs passes over the first stream
 * @param maxUpdates updates after which it ends in any case; 0: no such bound
 * @param patience epochs without a better validation metric after which it ends; 0: never
 */
public record Length(int epochs, int maxUpdates, int patience) {

  /** A number of epochs, no early end. */
  public static Length epochs(int epochs) {
    return new Length(epochs, 0, 0);
  }
}
