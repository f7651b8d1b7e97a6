package dev.graft.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.junit.jupiter.api.Test;

/** What the start does, each in a JVM of its own, because there is one start per process. */
class RuntimeTest {

  private static String run(Map<String, String> environment, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of(options));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), StartProbe.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("GOMP_SPINCOUNT");
    builder.environment().putAll(environment);
    Process process = builder.start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static boolean kernelsWereBuilt() {
    return RuntimeTest.class.getResource(Loader.getPlatform() + "/libjniKernels.so") != null;
  }

  @Test
  void theConfigurationNamesWhatIsInEffect() {
    Runtime.Configuration now = Runtime.configuration();
    assertEquals("2.10.0", now.libtorch());
    assertTrue(List.of("openblas", "mkl").contains(now.blas()), now.blas());
    assertEquals(Device.CPU, Device.available().get(0));
    assertTrue(now.threads() > 0);
    assertEquals(kernelsWereBuilt(), now.kernels().equals("native"), now.kernels());
    assertThrows(IllegalArgumentException.class, () -> Runtime.setThreads(0));
  }

  @Test
  void theMatrixLibraryUsesAsManyThreads() {
    int before = Runtime.threads();
    try {
      for (int threads : new int[] {1, 2}) {
        Runtime.setThreads(threads);
        assertEquals(threads, Runtime.threads());
        assertEquals(threads, openblas_nolapack.blas_get_num_threads());
      }
    } finally {
      Runtime.setThreads(before);
    }
  }

  @Test
  void openMpIsCalmedBeforeItLoads() throws IOException {
    assumeTrue(kernelsWereBuilt(), "no C++ kernels in this build");
    String output = run(Map.of("OMP_DISPLAY_ENV", "VERBOSE"));
    assertTrue(output.contains("GOMP_SPINCOUNT = '1000'"), output);
    assertTrue(output.contains("GOMP_SPINCOUNT=1000 set before OpenMP loaded"), output);
    assertTrue(output.contains("malloc keeps up to 512 MiB of freed memory"), output);
    assertTrue(output.contains("STARTS 1"), output);
    assertTrue(output.contains("LIVE 8000 of") && output.contains("FLUSHED 0.0"), output);
    assertTrue(output.contains("applied=true, inKernel=true"), output);
  }

  @Test
  void whatTheUserSetStays() throws IOException {
    String output =
        run(
            Map.of("OMP_DISPLAY_ENV", "VERBOSE", "GOMP_SPINCOUNT", "77", "MALLOC_ARENA_MAX", "1"),
            "-Dorg.bytedeco.javacpp.maxPhysicalBytes=1g",
            "-Dgraft.memory.limit=64m");
    assertTrue(output.contains("GOMP_SPINCOUNT = '77'"), output);
    assertTrue(output.contains("GOMP_SPINCOUNT=77 as the environment has it"), output);
    assertTrue(output.contains("malloc as the environment has it"), output);
    assertTrue(output.contains("JavaCPP's memory checks are on"), output);
    assertTrue(output.contains("LIMIT 67108864"), output);
  }

  @Test
  void theKernelsCanBeLeftOut() throws IOException {
    String output = run(Map.of(), "-Dgraft.kernels=plain");
    assertTrue(output.contains("kernels plain (asked for)"), output);
    assertTrue(output.contains("LIVE 8000 of") && output.contains("FLUSHED 0.0"), output);
    assertTrue(output.contains("applied=true, inKernel=false"), output);
  }

  @Test
  void choicesThatCannotBeMetAreRefusedWithTheNextStep() throws IOException {
    assertRefused("use one of [auto, native, plain]", "-Dgraft.kernels=fast");
    assertRefused("use one of [keep, system]", "-Dgraft.malloc=hoard");
    assertRefused("use one of [openblas, mkl]", "-Dgraft.blas=blis");
    assertRefused("add org.bytedeco:mkl", "-Dgraft.blas=mkl");
    assertRefused("write a number above 0", "-Dgraft.memory.limit=lots");
    assertRefused(
        "with the classifier linux-none on the class path",
        "-Dorg.bytedeco.javacpp.platform=linux-none");
  }

  private static void assertRefused(String nextStep, String option) throws IOException {
    String output = run(Map.of(), option);
    assertTrue(output.contains("REFUSED ") && output.contains(nextStep), output);
  }
}
