package dev.graft.vision.family;

import dev.graft.registry.Registry;
import dev.graft.tensor.Runtime;
import dev.graft.testkit.golden.ArchitectureChecker;
import dev.graft.testkit.golden.GoldenFolder;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * With two threads, also where there is one processor: with one LibTorch computes some convolutions
 * with BLAS, whose sums are rounded in another way. In two deep networks that puts an activation on
 * the other side of zero, and a gradient 2 to 4 ten thousandths off; the reference run has the same
 * of another network (ResNet-50, 8 ten thousandths beside its run in double precision).
 */
class ArchVisionGoldenTest {

  private static final int THREADS = 2;

  private static int before;

  @BeforeAll
  static void twoThreads() {
    before = Runtime.threads();
    Runtime.setThreads(THREADS);
  }

  @AfterAll
  static void asBefore() {
    Runtime.setThreads(before);
  }

  @TestFactory
  Stream<DynamicTest> architectures() {
    Registry registry = Registry.load(getClass().getClassLoader());
    return GoldenFolder.of("arch_vision").tests(new ArchitectureChecker(registry));
  }
}
