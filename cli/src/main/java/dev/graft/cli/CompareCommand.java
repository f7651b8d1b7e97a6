package dev.graft.cli;

import dev.graft.Graft;
import dev.graft.Transfer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs several methods with several seeds into one table. */
@Command(
    name = "compare",
    description = "Run methods with several seeds on the same splits into one table; resumable.",
    footer =
        "%nExample: graft compare --base models/resnet20 --data flowers --method linear-probe"
            + " --method lp-ft --seeds 0,1,2 --out comparison",
    mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {

  @Mixin private TransferOptions options;
  @Mixin private Repetition repetition;
  @Mixin private Output output;

  @Option(
      names = "--method",
      required = true,
      paramLabel = "METHODS",
      description = "Methods as fit takes them; give the option once for each row of the table.")
  private List<String> methods;

  @Option(
      names = "--changes",
      description =
          "Write what each run changed of the base as a small bundle too, DIR/RUN/changes, and its"
              + " size into the table.")
  private boolean changes;

  private static String name(String method, long seed) {
    return method + "-seed" + seed;
  }

  /** A method that is refused ends the command before the first run, not after hours of them. */
  private void requirePlans() throws IOException {
    for (String method : methods) {
      var unused = transfer(method, repetition.seeds().get(0)).explain();
    }
  }

  private Transfer transfer(String method, long seed) {
    return options.transfer(Graft.create()).method(method).seed(seed);
  }

  @Override
  public Integer call() throws IOException {
    requirePlans();
    try (StopSignal stop = StopSignal.listen()) {
      KeptRuns kept =
          new KeptRuns(repetition.out(), output, stop)
              .withChangesFrom(changes ? Optional.of(options.base()) : Optional.empty());
      List<Comparison.Row> rows = new ArrayList<>();
      for (String method : methods) {
        List<FitSummary> runs = new ArrayList<>();
        for (long seed : repetition.seeds()) {
          String title = "%s, seed %d".formatted(method, seed);
          FitSummary run = kept.run(title, name(method, seed), transfer(method, seed));
          if (!run.completed()) {
            output.say("stopped; the same command goes on where it was");
            return stop.end(Main.STOPPED);
          }
          runs.add(run);
        }
        rows.add(Comparison.Row.of(method, runs));
      }
      Comparison comparison = new Comparison(repetition.seeds(), rows);
      Files.writeString(repetition.out().resolve("comparison.md"), comparison.markdown());
      output.print(comparison, writer -> writer.print(comparison.markdown()));
      return stop.end(0);
    }
  }
}
