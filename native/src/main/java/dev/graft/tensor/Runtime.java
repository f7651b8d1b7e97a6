package dev.graft.tensor;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/** Starts LibTorch once per process and tells how it is configured. */
public final class Runtime {

  private static boolean started;

  private Runtime() {}

  /** Loads the native libraries, with the start-up cures, unless that has happened before. */
  public static synchronized void start() {
    if (started) {
      return;
    }
    System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
    Loader.load(torch.class);
    started = true;
  }

  /** Threads that one operation may use. */
  public static int threads() {
    start();
    return torch.get_num_threads();
  }

  /** Sets the number of threads that one operation may use; results may differ in the last bits. */
  public static void setThreads(int threads) {
    start();
    torch.set_num_threads(threads);
  }
}
