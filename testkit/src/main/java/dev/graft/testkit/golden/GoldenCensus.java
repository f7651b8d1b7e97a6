package dev.graft.testkit.golden;

import dev.graft.testkit.SharedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Closes the books of a run: enters every case file that no test looked at as <em>not built</em>
 * and prints one line a family. Runs once, in the module that is last in the build.
 */
public final class GoldenCensus {

  private GoldenCensus() {}

  /**
   * Completes the ledger of this run and prints the summaries.
   *
   * @return the summary lines, in the order of the families' names
   * @throws IOException if the folder of reference values cannot be listed
   */
  public static List<String> close() throws IOException {
    Path golden = SharedFolder.requireGolden("");
    return close(golden, GoldenLedger.ofThisRun());
  }

  static List<String> close(Path golden, GoldenLedger ledger) throws IOException {
    try (Stream<Path> folders = Files.list(golden)) {
      return folders
          .filter(Files::isDirectory)
          .sorted()
          .filter(folder -> !GoldenFolder.cases(folder).isEmpty())
          .map(folder -> close(folder.getFileName().toString(), folder, ledger))
          .toList();
    }
  }

  private static String close(String family, Path folder, GoldenLedger ledger) {
    Set<String> checked = ledger.read(family).keySet();
    for (GoldenCase golden : GoldenFolder.cases(folder)) {
      if (!checked.contains(golden.name())) {
        ledger.record(
            family, golden.name(), GoldenOutcome.notBuilt("no test of this run looks at it"));
      }
    }
    ledger.print(family);
    return ledger.summary(family);
  }
}
