import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.tools.Builder;
import org.bytedeco.javacpp.tools.Logger;

/**
 * Builds the C++ kernels with JavaCPP's Builder into the class folder, as part of {@code compile}.
 *
 * <p>JavaCPP's own Maven goal fails where no compiler is installed; this program says so and leaves
 * the build green, because every kernel has a reference in plain tensor operations. A compiler that
 * is there and fails is an error.
 *
 * <p>Run from source: {@code java -cp CLASSES:JAVACPP BuildKernels.java CLASSES SOURCES WORK}.
 */
public final class BuildKernels {

  /** Needs nothing but the C library, and loads before LibTorch. */
  private static final String ENVIRONMENT = "dev.graft.tensor.ProcessEnvironment";

  private static final String KERNELS = "dev.graft.tensor.Kernels";

  // Without fused multiply-add a kernel gives the same bits on every instruction set; the loops
  // wait for memory, not for arithmetic.
  private static final String[] OPTIONS = {
    "-std=c++17", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math"
  };

  private final Path classes;
  private final Path sources;
  private final Path work;

  private BuildKernels(Path classes, Path sources, Path work) {
    this.classes = classes;
    this.sources = sources;
    this.work = work;
  }

  public static void main(String[] args) throws Exception {
    new BuildKernels(Path.of(args[0]), Path.of(args[1]), Path.of(args[2])).run();
  }

  private void run() throws Exception {
    if (!Loader.getPlatform().startsWith("linux")) {
      skip("the kernels are built on Linux only, this is " + Loader.getPlatform());
      return;
    }
    Optional<String> compiler = compiler();
    if (compiler.isEmpty()) {
      skip("no C++ compiler; install g++, or name one in the environment variable CXX");
      return;
    }
    if (upToDate()) {
      return;
    }
    System.out.println("kernels: building with " + compiler.get());
    Path stub = linkStub(compiler.get());
    build(compiler.get(), ENVIRONMENT);
    build(compiler.get(), KERNELS, "-L" + stub, "-Wl,--no-as-needed", "-ltorch_cpu");
  }

  private static void skip(String reason) {
    System.out.println("kernels: not built: " + reason + "; plain tensor operations do their work");
  }

  /** {@code CXX} if it is set, else the first of the usual names that is on the path. */
  private static Optional<String> compiler() {
    String chosen = System.getenv("CXX");
    List<String> names =
        chosen == null || chosen.isBlank() ? List.of("g++", "clang++", "c++") : List.of(chosen);
    String path = System.getenv("PATH");
    return names.stream()
        .filter(
            name ->
                Stream.concat(
                        Stream.of(Path.of(name)),
                        Stream.of(path.split(File.pathSeparator)).map(d -> Path.of(d, name)))
                    .anyMatch(file -> file.isAbsolute() && Files.isExecutable(file)))
        .findFirst();
  }

  private boolean upToDate() throws IOException {
    Path folder = classes.resolve("dev/graft/tensor").resolve(Loader.getPlatform());
    Path environment = folder.resolve("libjniProcessEnvironment.so");
    Path kernels = folder.resolve("libjniKernels.so");
    if (!Files.exists(environment) || !Files.exists(kernels)) {
      return false;
    }
    long built =
        Math.min(
            Files.getLastModifiedTime(environment).toMillis(),
            Files.getLastModifiedTime(kernels).toMillis());
    Path java = sources.resolve("java/dev/graft/tensor");
    try (Stream<Path> cpp = Files.list(sources.resolve("cpp"));
        Stream<Path> build = Files.list(sources.resolve("build"))) {
      Stream<Path> bound =
          Stream.of(java.resolve("Kernels.java"), java.resolve("ProcessEnvironment.java"));
      for (Path file : Stream.of(cpp, build, bound).flatMap(files -> files).toList()) {
        if (Files.getLastModifiedTime(file).toMillis() > built) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * An empty library with LibTorch's name: the linker records the name, the JVM has the real one
   * loaded by then. So the build needs neither LibTorch's headers nor its 300 MB.
   */
  private Path linkStub(String compiler) throws Exception {
    Path folder = Files.createDirectories(work.resolve("stub"));
    Path empty = Files.writeString(folder.resolve("empty.cpp"), "");
    String library = folder.resolve("libtorch_cpu.so").toString();
    Process process =
        new ProcessBuilder(
                compiler, "-shared", "-Wl,-soname,libtorch_cpu.so", "-o", library, empty.toString())
            .inheritIO()
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(compiler + " could not link " + library);
    }
    return folder;
  }

  private void build(String compiler, String className, String... link) throws Exception {
    File[] built =
        new Builder(new Quiet())
            .classPaths(classes.toString())
            .property("platform.compiler", compiler)
            .property("platform.includepath", sources.resolve("cpp").toString())
            .compilerOptions(OPTIONS)
            .compilerOptions(link)
            .classesOrPackages(className)
            .build();
    if (built == null || built.length == 0) {
      throw new IOException("JavaCPP built nothing for " + className);
    }
  }

  /** Passes on what matters. */
  private static final class Quiet extends Logger {
    @Override
    public void debug(String text) {}

    @Override
    public void info(String text) {}

    @Override
    public void warn(String text) {
      System.err.println("kernels: " + text);
    }

    @Override
    public void error(String text) {
      System.err.println("kernels: " + text);
    }
  }
}
