package dev.graft.server;

/** Room for inputs that are decoded, wait or are computed; models over one base share it. */
final class Room {

  private final int most;
  private int taken;

  Room(int most) {
    this.most = most;
  }

  /** Takes room for some inputs; false, and nothing is taken, where there is not enough. */
  synchronized boolean take(int inputs) {
    // A difference, because a sum may overflow.
    if (inputs > most - taken) {
      return false;
    }
    taken += inputs;
    return true;
  }

  synchronized void giveBack(int inputs) {
    taken -= inputs;
  }

  synchronized int taken() {
    return taken;
  }

  int most() {
    return most;
  }
}
