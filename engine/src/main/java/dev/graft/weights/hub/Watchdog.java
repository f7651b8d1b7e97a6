package dev.graft.weights.hub;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Closes a stream on which nothing has arrived for a while: a read of a dead connection would wait
 * without end, since the JDK's client limits only the time until a response begins.
 */
final class Watchdog implements AutoCloseable {

  private final InputStream guarded;
  private final Executor later;
  private final AtomicLong beats = new AtomicLong();
  private volatile boolean done;
  private volatile boolean closedStream;

  /** Watches from now on. */
  Watchdog(InputStream guarded, Duration patience) {
    this.guarded = guarded;
    this.later = CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS);
    watch();
  }

  /** Something has arrived. */
  void beat() {
    beats.incrementAndGet();
  }

  /** True if the stream was closed because nothing arrived. */
  boolean hasClosedStream() {
    return closedStream;
  }

  private void watch() {
    long seen = beats.get();
    later.execute(
        () -> {
          if (!done && beats.get() == seen) {
            closedStream = true;
            closeStream();
          } else if (!done) {
            watch();
          }
        });
  }

  private void closeStream() {
    try {
      guarded.close();
    } catch (IOException e) {
      // The reader meets the failure itself.
      System.getLogger(Watchdog.class.getName()).log(System.Logger.Level.DEBUG, "closing", e);
    }
  }

  @Override
  public void close() {
    done = true;
  }
}
