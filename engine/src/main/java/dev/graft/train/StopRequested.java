package dev.graft.train;

/** Leaves the loop where there is nothing to save: what was computed so far is computed again. */
final class StopRequested extends RuntimeException {

  private static final long serialVersionUID = 1L;
}
