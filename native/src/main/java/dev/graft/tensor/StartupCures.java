package dev.graft.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;

/**
 * What has to happen before LibTorch loads, in an embedding JVM too.
 *
 * <ol>
 *   <li>JavaCPP by default reads the size of the process at every allocation and, beyond a limit
 *       tied to the Java heap, collects garbage and sleeps under a lock. Scopes own the memory
 *       here, so both checks go.
 *   <li>OpenBLAS brings its own threads beside OpenMP's. OpenMP's spin while OpenBLAS's work: a
 *       linear layer with a bias takes five times as long as without. {@code GOMP_SPINCOUNT=1000}
 *       in the environment makes them sleep; libgomp reads it while it loads.
 *   <li>glibc's allocator gives the memory of a large tensor back to the system when the tensor is
 *       freed, and the next step faults it in again, page by page: a tenth of a training step. It
 *       is told to keep up to {@value #SPARE} bytes.
 *   <li>The choice of the BLAS rewires links inside JavaCPP's cache: each choice gets a cache of
 *       its own, or two processes disturb each other.
 * </ol>
 *
 * <p>What the user has set already is left alone.
 */
final class StartupCures {

  private static final String PHYSICAL = "org.bytedeco.javacpp.maxPhysicalBytes";
  private static final String HEAP = "org.bytedeco.javacpp.maxBytes";
  private static final String CACHE = "org.bytedeco.javacpp.cachedir";
  private static final String LOAD = "org.bytedeco.openblas.load";
  private static final String SPIN = "GOMP_SPINCOUNT";
  private static final String SPIN_VALUE = "1000";

  private static final int MAPPED = 256 << 20;
  private static final int SPARE = 512 << 20;

  private StartupCures() {}

  /** Applies the cures; returns one sentence for each. No class of JavaCPP loads before this. */
  static List<String> apply(String blas, String malloc) {
    List<String> done = new ArrayList<>();
    setIfAbsent(PHYSICAL, "0");
    setIfAbsent(HEAP, "0");
    if (blas.equals("mkl")) {
      useMkl();
    }
    done.add(
        Pointer.maxPhysicalBytes() == 0
            ? "JavaCPP's memory checks are off"
            : "JavaCPP's memory checks are on: set -D%s=0 and -D%s=0 when the JVM starts"
                .formatted(PHYSICAL, HEAP));
    done.add(blas.equals("mkl") ? "MKL shares OpenMP's threads" : calmOpenMp());
    done.add(malloc.equals("keep") ? keepFreedMemory() : "malloc as the system has it");
    return done;
  }

  private static String keepFreedMemory() {
    boolean chosen =
        System.getenv().keySet().stream()
            .anyMatch(name -> name.startsWith("MALLOC_") || name.equals("GLIBC_TUNABLES"));
    if (chosen) {
      return "malloc as the environment has it";
    }
    try {
      Loader.load(ProcessEnvironment.class);
      if (ProcessEnvironment.keepFreedMemory(MAPPED, SPARE)) {
        return "malloc keeps up to %d MiB of freed memory".formatted(SPARE >> 20);
      }
    } catch (UnsatisfiedLinkError e) {
      // not built for this platform: the same as an allocator without such settings
    }
    return "malloc as the system has it";
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static void useMkl() {
    try {
      Class.forName("org.bytedeco.mkl.presets.mkl_rt", false, StartupCures.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          ("-D%s=mkl, but MKL is not on the class path; add org.bytedeco:mkl with the classifier"
                  + " PLATFORM-redist of your platform, or drop the property")
              .formatted(Runtime.BLAS),
          e);
    }
    setIfAbsent(LOAD, "mkl");
    setIfAbsent(
        CACHE, Path.of(System.getProperty("user.home"), ".javacpp", "cache-mkl").toString());
  }

  private static String calmOpenMp() {
    String value;
    try {
      boolean late = isMapped("libgomp");
      Loader.load(ProcessEnvironment.class);
      boolean set = ProcessEnvironment.setIfAbsent(SPIN, SPIN_VALUE);
      value = ProcessEnvironment.get(SPIN);
      if (!set) {
        return SPIN + "=" + value + " as the environment has it";
      }
      if (!late) {
        return SPIN + "=" + value + " set before OpenMP loaded";
      }
    } catch (UnsatisfiedLinkError e) {
      value = System.getenv(SPIN);
      if (value != null) {
        return SPIN + "=" + value + " as the environment has it";
      }
    }
    return "matrix products may be slow: start the process with " + SPIN + "=" + SPIN_VALUE;
  }

  /** The BLAS in the address space of this process, where the system can tell. */
  static Optional<String> loadedBlas() {
    if (isMapped("libmkl_rt")) {
      return Optional.of("mkl");
    }
    return isMapped("libopenblas") ? Optional.of("openblas") : Optional.empty();
  }

  private static boolean isMapped(String library) {
    try {
      return Files.readString(Path.of("/proc/self/maps")).contains("/" + library);
    } catch (IOException e) {
      return false; // not Linux
    }
  }
}
