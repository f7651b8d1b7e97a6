package dev.graft.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** With which seeds runs are repeated and where they are kept. */
final class Repetition {

  @Option(
      names = "--seeds",
      split = ",",
      paramLabel = "N",
      defaultValue = "0,1,2",
      description = "Seeds, separated by commas; a seed fixes split and run. Default: 0,1,2.")
  private List<Long> seeds;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "comparison",
      description =
          "Folder of the runs; those that are done are not run again. Default: ${DEFAULT-VALUE}.")
  private Path out;

  List<Long> seeds() {
    return seeds;
  }

  Path out() {
    return out;
  }
}
