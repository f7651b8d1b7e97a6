package dev.graft.layers;

import dev.graft.tensor.Tensor;

/**
 * Listens to the outputs of modules on this thread: {@code try (Taps taps = Taps.set(listener)) {
 * forward }}. Hints, attention maps, traces and heat maps read a network this way.
 */
public final class Taps implements AutoCloseable {

  /** Is called with a module and its output, after each forward of that module. */
  public interface Listener {

    /**
     * Looks at an output.
     *
     * @return the tensor that takes its place: {@code output} itself, or another of its shape
     */
    Tensor output(Module module, Tensor output);
  }

  private static final ThreadLocal<Taps> CURRENT = new ThreadLocal<>();

  private final Taps previous = CURRENT.get();
  private final Listener listener;

  private Taps(Listener listener) {
    this.listener = listener;
  }

  /** Sets a listener on this thread until closed; it replaces one set before. */
  public static Taps set(Listener listener) {
    Taps taps = new Taps(listener);
    CURRENT.set(taps);
    return taps;
  }

  /**
   * True if somebody listens on this thread. Then outputs stay as they are until the surrounding
   * scope ends; otherwise layers free and overwrite what only they have seen.
   */
  public static boolean active() {
    return CURRENT.get() != null;
  }

  static Tensor show(Module module, Tensor output) {
    Taps taps = CURRENT.get();
    return taps == null ? output : taps.listener.output(module, output);
  }

  @Override
  public void close() {
    if (previous == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(previous);
    }
  }
}
