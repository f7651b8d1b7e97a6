package dev.graft.weights.hub;

/** Hears how a pull goes on. Called on the pulling thread, or on one of the HTTP client's. */
@FunctionalInterface
public interface HubListener {

  /** Hears nothing. */
  HubListener NONE = (file, done, total) -> {};

  /**
   * Some bytes of a file have arrived.
   *
   * @param file its name in the repository
   * @param done bytes so far, those of an earlier, broken transfer included
   * @param total bytes altogether
   */
  void progress(String file, long done, long total);
}
