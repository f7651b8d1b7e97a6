package dev.graft.server;

/** Room for so many of something: inputs of models over one base, bytes of requests. */
final class Room {

  private final long most;
  private long taken;

  Room(long most) {
    this.most = most;
  }

  /** Takes room for some; false, and nothing is taken, where there is not enough. */
  synchronized boolean take(long some) {
    // A difference, because a sum may overflow.
    if (some > most - taken) {
      return false;
    }
    taken += some;
    return true;
  }

  synchronized void giveBack(long some) {
    taken -= some;
  }

  synchronized long taken() {
    return taken;
  }

  long most() {
    return most;
  }
}
