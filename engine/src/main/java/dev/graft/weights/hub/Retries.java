package dev.graft.weights.hub;

import dev.graft.weights.hub.HubException.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;

/**
 * Tries again what may succeed another time: broken connections, and answers that say the server is
 * busy. The pauses double from one second to thirty, or are what the server asks for; tries that
 * brought new bytes do not count.
 */
final class Retries {

  private static final Duration LONGEST = Duration.ofSeconds(30);

  private static final System.Logger LOG = System.getLogger(Retries.class.getName());

  private final int attempts;
  private final Sleeper sleeper;

  Retries(int attempts, Sleeper sleeper) {
    this.attempts = attempts;
    this.sleeper = sleeper;
  }

  /** Something that may fail. */
  @FunctionalInterface
  interface Attempt<T> {
    T run() throws IOException;
  }

  /** The server is busy and may say for how long. */
  static final class BusyException extends IOException {

    private static final long serialVersionUID = 1L;

    private final Duration pause;

    BusyException(String message, Duration pause) {
      super(message);
      this.pause = pause;
    }
  }

  <T> T run(URI uri, Attempt<T> attempt) throws IOException {
    return run(uri, attempt, () -> 0L);
  }

  /**
   * Tries until it succeeds or as often as allowed.
   *
   * @param arrived how much is there already; a try that raises it does not count
   * @throws HubException if a failure cannot pass, or did not
   */
  <T> T run(URI uri, Attempt<T> attempt, Attempt<Long> arrived) throws IOException {
    int failures = 0;
    while (true) {
      long before = arrived.run();
      try {
        return attempt.run();
      } catch (HubException | InterruptedIOException e) {
        throw e;
      } catch (IOException e) {
        failures = arrived.run() > before ? 1 : failures + 1;
        if (failures >= attempts) {
          throw new HubException(
              Reason.UNREACHABLE,
              "%s could not be fetched in %d tries (%s); check the connection and try again: what"
                      .formatted(uri, failures, e.getMessage())
                  + " has arrived is kept",
              e);
        }
        Duration pause = pause(failures, e);
        LOG.log(System.Logger.Level.INFO, "{0}: {1}; next try in {2}", uri, e, pause);
        sleep(pause);
      }
    }
  }

  private void sleep(Duration pause) throws InterruptedIOException {
    try {
      sleeper.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted between two tries");
    }
  }

  private static Duration pause(int failures, IOException e) {
    Duration asked =
        e instanceof BusyException busy
            ? busy.pause
            : Duration.ofSeconds(1L << Math.min(failures - 1, 5));
    Duration positive = asked.isZero() ? Duration.ofSeconds(1) : asked;
    return positive.compareTo(LONGEST) < 0 ? positive : LONGEST;
  }
}
