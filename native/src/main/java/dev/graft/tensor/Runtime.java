package dev.graft.tensor;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/**
 * Starts LibTorch once per process, cures what ails its stock build, and tells what is in effect.
 *
 * <p>Every entry into this package starts it; call {@link #start()} yourself to choose the moment
 * (the first start of a machine extracts some 300 MB to JavaCPP's cache) or to read the {@link
 * Configuration}. Choices are system properties, read once:
 *
 * <ul>
 *   <li>{@value #KERNELS}: {@code auto} (default: the C++ kernels where they were built), {@code
 *       native} (fail without them), {@code plain} (never);
 *   <li>{@value #BLAS}: {@code openblas} (default) or {@code mkl}, which needs {@code
 *       org.bytedeco:mkl} with its {@code -redist} classifier on the class path;
 *   <li>{@value #MALLOC}: {@code keep} (default: freed memory stays with the process for the next
 *       step, as far as the allocator can be told) or {@code system};
 *   <li>{@value #MEMORY_LIMIT}: soft limit of {@link NativeMemory}, for example {@code 4g}.
 * </ul>
 *
 * <p>The state is static because LibTorch is: there is one per process. On Java 24 and later the
 * JVM asks for {@code --enable-native-access=ALL-UNNAMED}.
 */
public final class Runtime {

  /** System property that chooses between C++ kernels and plain tensor operations. */
  public static final String KERNELS = "graft.kernels";

  /** System property that chooses the matrix library. */
  public static final String BLAS = "graft.blas";

  /** System property that says what happens to freed native memory. */
  public static final String MALLOC = "graft.malloc";

  /** System property that limits the bytes of live tensors: a number with an optional k, m or g. */
  public static final String MEMORY_LIMIT = "graft.memory.limit";

  private static final Logger LOG = System.getLogger(Runtime.class.getName());

  private static volatile Configuration configuration;

  private Runtime() {}

  /**
   * What is in effect in this process.
   *
   * @param libtorch version of LibTorch
   * @param blas the matrix library that was loaded: {@code openblas} or {@code mkl}
   * @param threads threads that one operation may use, at the start
   * @param oneDnn whether convolutions and bf16 products go through oneDNN
   * @param cpuCapability instruction set LibTorch picked, for example {@code AVX512}
   * @param devices where tensors can live, the CPU first
   * @param kernels {@code native} or {@code plain}, and for plain the reason
   * @param cures what was done, or could not be done, about known ills; one sentence each
   */
  public record Configuration(
      String libtorch,
      String blas,
      int threads,
      boolean oneDnn,
      String cpuCapability,
      List<Device> devices,
      String kernels,
      List<String> cures) {

    public Configuration {
      devices = List.copyOf(devices);
      cures = List.copyOf(cures);
    }

    @Override
    public String toString() {
      return "LibTorch %s, BLAS %s, %d threads, oneDNN %s, %s, devices %s, kernels %s; %s"
          .formatted(
              libtorch,
              blas,
              threads,
              oneDnn ? "on" : "off",
              cpuCapability,
              devices,
              kernels,
              String.join("; ", cures));
    }
  }

  /**
   * Loads the native libraries unless that has happened before. Any thread may call this.
   *
   * @return what is in effect
   * @throws IllegalStateException if a library is missing or a choice cannot be met; the message
   *     says what to do
   */
  @CanIgnoreReturnValue
  public static Configuration start() {
    Configuration current = configuration;
    return current != null ? current : startOnce();
  }

  /** What is in effect; starts LibTorch if that has not happened yet. */
  public static Configuration configuration() {
    return start();
  }

  private static synchronized Configuration startOnce() {
    if (configuration != null) {
      return configuration;
    }
    String blas = choice(BLAS, List.of("openblas", "mkl"));
    String kernels = choice(KERNELS, List.of("auto", "native", "plain"));
    String malloc = choice(MALLOC, List.of("keep", "system"));
    long limit = NativeMemory.parse(System.getProperty(MEMORY_LIMIT));
    List<String> cures = StartupCures.apply(blas, malloc);
    loadLibTorch();
    Optional<String> missing = kernels.equals("plain") ? Optional.of("asked for") : loadKernels();
    if (kernels.equals("native") && missing.isPresent()) {
      throw new IllegalStateException(
          "-D%s=native, but the C++ kernels cannot be used: %s; build module native on Linux with"
                  .formatted(KERNELS, missing.get())
              + " a C++ compiler, or drop the property");
    }
    NativeMemory.setLimit(limit);
    configuration =
        new Configuration(
            libTorchVersion(),
            StartupCures.loadedBlas().orElse(blas),
            torch.get_num_threads(),
            torch.hasMKLDNN() && torch.globalContext().userEnabledMkldnn(),
            torch.get_cpu_capability().getString(),
            Device.discover(),
            missing.map(reason -> "plain (" + reason + ")").orElse("native"),
            cures);
    LOG.log(Level.INFO, configuration::toString);
    return configuration;
  }

  private static String choice(String property, List<String> allowed) {
    String value = System.getProperty(property, allowed.get(0)).strip().toLowerCase(Locale.ROOT);
    if (!allowed.contains(value)) {
      throw new IllegalStateException(
          "-D%s=%s is not a choice; use one of %s".formatted(property, value, allowed));
    }
    return value;
  }

  private static void loadLibTorch() {
    try {
      Loader.load(torch.class);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      String platform = Loader.getPlatform();
      throw new IllegalStateException(
          ("LibTorch does not load on %s: put org.bytedeco:javacpp, openblas and pytorch with the"
                  + " classifier %s on the class path (in this build: -Dgraft.platform=%s). The"
                  + " loader says: %s")
              .formatted(platform, platform, platform, e.getMessage()),
          e);
    }
  }

  /** Returns why not, or nothing if they are ready. */
  private static Optional<String> loadKernels() {
    try {
      Loader.load(Kernels.class);
      return Optional.empty();
    } catch (UnsatisfiedLinkError e) {
      String platform = Loader.getPlatform();
      boolean built = Kernels.class.getResource(platform + "/libjniKernels.so") != null;
      return Optional.of(built ? "do not load: " + e.getMessage() : "not built for " + platform);
    }
  }

  private static String libTorchVersion() {
    return torch
        .show_config()
        .getString()
        .transform(text -> text.replaceFirst("(?s).*TORCH_VERSION=([^,\\s]+).*", "$1"));
  }

  /** True if the C++ kernels are in use. */
  static boolean hasKernels() {
    return start().kernels().equals("native");
  }

  /** Threads that one operation may use. */
  public static int threads() {
    start();
    return torch.get_num_threads();
  }

  /** Sets the number of threads that one operation may use; results may differ in the last bits. */
  public static void setThreads(int threads) {
    start();
    if (threads < 1) {
      throw new IllegalArgumentException("%d threads; use 1 or more".formatted(threads));
    }
    torch.set_num_threads(threads);
    openblas_nolapack.blas_set_num_threads(threads); // the matrix library has threads of its own
  }
}
