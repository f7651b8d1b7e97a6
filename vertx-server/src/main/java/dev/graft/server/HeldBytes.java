package dev.graft.server;

import dev.graft.server.access.Refusal;
import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * The bytes of requests that are read or answered, of all calls of a server together: a bound on
 * inputs alone lets a few large ones take all memory.
 */
final class HeldBytes {

  private final Room room;

  /**
   * None yet.
   *
   * @param most bytes at a time
   */
  HeldBytes(long most) {
    room = new Room(most);
  }

  /**
   * Holds some more, to be {@linkplain #giveBack given back}.
   *
   * @throws Refusal if they are too many beside the others; none is held then
   */
  void take(long bytes) {
    if (!room.take(bytes)) {
      throw Refusal.overloaded(
          ("%d bytes more are too many beside the %d of requests that are not answered yet, of at"
                  + " most %d; try again later")
              .formatted(bytes, room.taken(), room.most()));
    }
  }

  void giveBack(long bytes) {
    room.giveBack(bytes);
  }

  /**
   * Holds bytes until work is done, however it ends.
   *
   * @throws Refusal if they are too many beside the others; nothing is done then
   */
  <T> Future<T> during(long bytes, Supplier<Future<T>> work) {
    take(bytes);
    try {
      return work.get().onComplete(done -> giveBack(bytes));
    } catch (RuntimeException e) {
      giveBack(bytes);
      throw e;
    }
  }

  /** How many are held. */
  long taken() {
    return room.taken();
  }
}
