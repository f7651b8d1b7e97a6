package dev.graft.server;

import dev.graft.server.registry.DatabaseOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Takes over what other servers on the same registry promote. Looks that fail change nothing, and
 * are made again.
 */
final class Replicas {

  private static final System.Logger LOG = System.getLogger(Replicas.class.getName());

  private final Vertx vertx;
  private final Promotions promotions;
  private final BooleanSupplier closing;

  /** With a question whether the server is about to end, which ends the looks. */
  Replicas(Vertx vertx, Promotions promotions, BooleanSupplier closing) {
    this.vertx = vertx;
    this.promotions = promotions;
    this.closing = closing;
  }

  /** Looks time and again, as the options of the registry say. */
  void watch(DatabaseOptions registry) {
    if (registry.follow() > 0 && !closing.getAsBoolean()) {
      var unused =
          vertx.setTimer(
              TimeUnit.SECONDS.toMillis(registry.follow()),
              id -> look().onComplete(done -> watch(registry)));
    }
  }

  /** Looks now; ends when what was found answers. */
  Future<Void> look() {
    if (closing.getAsBoolean()) {
      return Future.succeededFuture();
    }
    return vertx
        .<Void>executeBlocking(
            () -> {
              promotions.follow();
              return null;
            },
            /* ordered= */ false)
        .onFailure(failure -> LOG.log(Level.WARNING, "promotions elsewhere are not seen", failure));
  }
}
