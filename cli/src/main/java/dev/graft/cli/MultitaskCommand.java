package dev.graft.cli;

import dev.graft.Graft;
import dev.graft.Transfer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains several tasks on one network, and each alone, into one table. */
@Command(
    name = "multitask",
    description =
        "Train several tasks on one network, weighed in several ways, and each task alone on the"
            + " same examples, into one table; resumable.",
    footer =
        "%nExample: graft multitask --base models/mobilenet --data flowers --task scenes=places"
            + " --weighting equal,pcgrad --out tasks",
    mixinStandardHelpOptions = true)
final class MultitaskCommand implements Callable<Integer> {

  private static final String ALONE = "alone";

  @Mixin private TransferOptions options;
  @Mixin private Repetition repetition;
  @Mixin private Output output;

  @Option(
      names = "--method",
      paramLabel = "METHODS",
      defaultValue = "fine-tune",
      description = "Methods of all runs, as fit takes them. Default: ${DEFAULT-VALUE}.")
  private String method;

  @Option(
      names = "--weighting",
      split = ",",
      paramLabel = "METHOD",
      defaultValue = "equal",
      description =
          "How the tasks are weighed, separated by commas: equal, uncertainty, gradnorm, dwa,"
              + " pcgrad, mgda, cagrad:c=0.4. Default: ${DEFAULT-VALUE}.")
  private List<String> weightings;

  @Override
  public Integer call() throws IOException {
    List<String> tasks = options.tasks();
    if (tasks.size() < 2) {
      throw new IllegalArgumentException(
          "there is one task; name another with --task NAME=DIR or --labels NAME=FILE");
    }
    try (StopSignal stop = StopSignal.listen()) {
      KeptRuns kept = new KeptRuns(repetition.out(), output, stop);
      List<TaskComparison.Row> rows = new ArrayList<>();
      List<String> kinds = new ArrayList<>(List.of(ALONE));
      kinds.addAll(weightings);
      for (String kind : kinds) {
        List<Map<String, FitSummary>> runs = new ArrayList<>();
        for (long seed : repetition.seeds()) {
          runs.add(kind.equals(ALONE) ? alone(kept, tasks, seed) : together(kept, kind, seed));
          if (!runs.get(runs.size() - 1).values().stream().allMatch(FitSummary::completed)) {
            output.say("stopped; the same command goes on where it was");
            return stop.end(Main.STOPPED);
          }
        }
        rows.add(TaskComparison.Row.of(kind, tasks, runs));
      }
      TaskComparison comparison = new TaskComparison(tasks, repetition.seeds(), rows);
      Files.writeString(repetition.out().resolve("tasks.md"), comparison.markdown());
      output.print(comparison, writer -> writer.print(comparison.markdown()));
      return stop.end(0);
    }
  }

  /** A run per task, until one is stopped. */
  private Map<String, FitSummary> alone(KeptRuns kept, List<String> tasks, long seed)
      throws IOException {
    Map<String, FitSummary> runs = new LinkedHashMap<>();
    for (String task : tasks) {
      Transfer transfer = transfer(method, seed).alone(task);
      String title = "%s alone, %s, seed %d".formatted(task, method, seed);
      FitSummary run = kept.run(title, "alone-%s-seed%d".formatted(task, seed), transfer);
      runs.put(task, run);
      if (!run.completed()) {
        break;
      }
    }
    return runs;
  }

  /** One run for all tasks, under the name of the weighting. */
  private Map<String, FitSummary> together(KeptRuns kept, String weighting, long seed)
      throws IOException {
    String methods = method + "," + weighting;
    String title = "%s, seed %d".formatted(methods, seed);
    String name = "%s-seed%d".formatted(weighting, seed);
    return Map.of(weighting, kept.run(title, name, transfer(methods, seed)));
  }

  private Transfer transfer(String methods, long seed) {
    return options.transfer(Graft.create()).method(methods).seed(seed);
  }
}
