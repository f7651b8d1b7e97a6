package dev.graft.server.access;

import java.lang.System.Logger.Level;

/** What clients are told about failures: refusals as they are, of all else a number. */
public final class Failures {

  private static final System.Logger LOG = System.getLogger(Failures.class.getName());

  /**
   * The refusal that a client gets; what is not one is logged.
   *
   * @param number of the request, which client and log are told
   */
  public Refusal refusal(Throwable failure, String number) {
    if (failure instanceof Refusal refusal) {
      return refusal;
    }
    LOG.log(Level.ERROR, "failure " + number, failure);
    return Refusal.internal(number);
  }
}
