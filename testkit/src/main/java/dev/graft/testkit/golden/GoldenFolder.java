package dev.graft.testkit.golden;

import dev.graft.testkit.SharedFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.TestAbortedException;

/**
 * The reference values of one family, as tests: every case file found in the folder becomes one.
 *
 * <pre>{@code
 * class OptimiserGoldenTest {
 *   @TestFactory
 *   Stream<DynamicTest> optimisers() {
 *     return GoldenFolder.of("optimisers").tests(OptimiserGoldenTest::check);
 *   }
 * }
 * }</pre>
 *
 * The files are listed when the test runs, so another folder of the same form ({@code
 * -Dgraft.golden=DIR}) brings its own tests. Each outcome is written to the {@link GoldenLedger};
 * after the last file the family's summary line is printed.
 */
public final class GoldenFolder {

  private final String family;
  private final Path folder;
  private final GoldenLedger ledger;

  private GoldenFolder(Path folder, GoldenLedger ledger) {
    this.family = folder.getFileName().toString();
    this.folder = folder;
    this.ledger = ledger;
  }

  /** The folder {@code family} below the folder of reference values. */
  public static GoldenFolder of(String family) {
    return of(family, GoldenLedger.ofThisRun());
  }

  /** A folder of its own, with files of the same form: what a module brings itself. */
  public static GoldenFolder in(Path folder) {
    return new GoldenFolder(folder, GoldenLedger.ofThisRun());
  }

  static GoldenFolder of(String family, GoldenLedger ledger) {
    return new GoldenFolder(SharedFolder.golden().resolve(family), ledger);
  }

  /**
   * One dynamic test a case file: passes, fails, or is aborted where the check says not built. One
   * aborted test where the folder is absent (a failing one if {@code CI=true}).
   */
  public Stream<DynamicTest> tests(GoldenCheck check) {
    if (!Files.isDirectory(folder)) {
      return Stream.of(
          DynamicTest.dynamicTest(
              family + " (absent)",
              () -> Assertions.assertTrue(Files.exists(SharedFolder.requireGolden(family)))));
    }
    return cases(folder).stream()
        .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> run(golden, check)))
        .onClose(() -> ledger.print(family));
  }

  /** The case files of a folder in the order of their names. */
  static List<GoldenCase> cases(Path folder) {
    String family = folder.getFileName().toString();
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".json"))
          .sorted()
          .map(file -> GoldenCase.read(family, file))
          .filter(GoldenCase::isCase)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder, e);
    }
  }

  private void run(GoldenCase golden, GoldenCheck check) throws Exception {
    GoldenOutcome outcome;
    try {
      outcome = check.check(golden);
    } catch (TestAbortedException e) {
      outcome = GoldenOutcome.notBuilt(String.valueOf(e.getMessage()));
    } catch (Exception | Error e) {
      ledger.record(family, golden.name(), GoldenOutcome.failed(e.toString()));
      throw e;
    }
    ledger.record(family, golden.name(), outcome);
    switch (outcome.status()) {
      case PASSED -> {}
      case NOT_BUILT -> throw new TestAbortedException("not built: " + outcome.detail());
      case FAILED -> Assertions.fail(family + "/" + golden.name() + ": " + outcome.detail());
    }
  }
}
