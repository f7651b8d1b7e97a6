package dev.graft.text.family;

import dev.graft.registry.Registry;
import dev.graft.testkit.golden.GoldenFolder;
import dev.graft.testkit.golden.SequenceChecker;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class TextGoldenTest {

  @TestFactory
  Stream<DynamicTest> architectures() {
    Registry registry = Registry.load(getClass().getClassLoader());
    return GoldenFolder.of("arch_text_audio").tests(new SequenceChecker(registry));
  }
}
