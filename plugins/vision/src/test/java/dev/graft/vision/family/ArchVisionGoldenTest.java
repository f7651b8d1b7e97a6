package dev.graft.vision.family;

import dev.graft.registry.Registry;
import dev.graft.testkit.golden.ArchitectureChecker;
import dev.graft.testkit.golden.GoldenFolder;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchVisionGoldenTest {

  @TestFactory
  Stream<DynamicTest> architectures() {
    Registry registry = Registry.load(getClass().getClassLoader());
    return GoldenFolder.of("arch_vision").tests(new ArchitectureChecker(registry));
  }
}
