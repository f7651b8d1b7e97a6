package dev.graft.text.family;

import dev.graft.registry.Registry;
import dev.graft.testkit.golden.GoldenFolder;
import dev.graft.testkit.golden.SequenceChecker;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class TextGoldenTest {

  private final SequenceChecker checker =
      new SequenceChecker(Registry.load(getClass().getClassLoader()));

  @TestFactory
  Stream<DynamicTest> architectures() {
    return GoldenFolder.of("arch_text_audio").tests(checker);
  }

  /** Families of which that folder has none; the files say which library made them. */
  @TestFactory
  Stream<DynamicTest> furtherArchitectures() throws URISyntaxException {
    Path folder = Path.of(TextGoldenTest.class.getResource("reference").toURI());
    return GoldenFolder.in(folder).tests(checker);
  }
}
