package dev.graft.infer;

import java.util.OptionalLong;

/**
 * How soon an answer is wanted.
 *
 * @param priority from 1, which is computed first, to {@value #LEVELS}
 * @param deadline as {@link System#nanoTime()} counts; later nobody wants the answer. Empty: it is
 *     always wanted
 */
public record Urgency(int priority, OptionalLong deadline) {

  /** Number of priorities. */
  public static final int LEVELS = 9;

  /** The priority of who asks for none. */
  public static final int ORDINARY_LEVEL = 5;

  /** In its turn, however long it takes. */
  public static final Urgency ORDINARY = new Urgency(ORDINARY_LEVEL, OptionalLong.empty());

  public Urgency {
    if (priority < 1 || priority > LEVELS) {
      throw new IllegalArgumentException(
          "priority %d; priorities go from 1, which is first, to %d".formatted(priority, LEVELS));
    }
  }

  /** True if an answer at some time is too late. */
  boolean isMissed(long nanoTime) {
    // Differences, because the count may overflow.
    return deadline.isPresent() && deadline.getAsLong() - nanoTime < 0;
  }
}
