package dev.graft.server.access;

import java.lang.System.Logger.Level;
import java.util.UUID;
import java.util.function.Supplier;

/** What clients are told about failures: refusals as they are, of all else a number. */
public final class Failures {

  private static final System.Logger LOG = System.getLogger(Failures.class.getName());

  private final Supplier<String> numbers;

  /** With random numbers. */
  public Failures() {
    this(() -> UUID.randomUUID().toString());
  }

  /** With numbers that a test can know. */
  Failures(Supplier<String> numbers) {
    this.numbers = numbers;
  }

  /** The refusal that a client gets; what is not one is logged. */
  public Refusal refusal(Throwable failure) {
    if (failure instanceof Refusal refusal) {
      return refusal;
    }
    String number = numbers.get();
    LOG.log(Level.ERROR, "failure " + number, failure);
    return Refusal.internal(number);
  }
}
