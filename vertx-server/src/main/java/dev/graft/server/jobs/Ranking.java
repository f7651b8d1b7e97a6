package dev.graft.server.jobs;

import dev.graft.bundle.Bundle;
import dev.graft.bundle.Manifest;
import dev.graft.task.Figure;
import dev.graft.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;

/**
 * Which base suits a data set: the features of each are computed once, a linear head is solved on
 * those of the training part, and the validation part says how good it is. No weight of a base
 * moves, so a base that suits after fine-tuning alone is not found this way.
 */
final class Ranking {

  /** What is tried with each base. */
  static final String METHOD = "linear-probe";

  private final GraftProcess command;
  private final FitWords words;

  Ranking(GraftProcess command, FitWords words) {
    this.command = command;
    this.words = words;
  }

  /**
   * Tries bases one after the other, each in a process of its own.
   *
   * @param like what is the same for all; its base and methods are not looked at
   * @param scratch an empty folder
   * @param stop true once nobody waits any more
   * @return best first, those that could not be tried last
   */
  List<RankedBase> rank(List<String> bases, JobSpec like, Path scratch, BooleanSupplier stop)
      throws IOException {
    List<RankedBase> tried = new ArrayList<>();
    for (String base : bases) {
      if (!stop.getAsBoolean()) {
        Path folder = Files.createDirectory(scratch.resolve(base));
        tried.add(measured(base, like.with(base, METHOD), folder, stop));
      }
    }
    tried.sort(RankedBase.BEST_FIRST);
    return tried;
  }

  private RankedBase measured(String base, JobSpec spec, Path folder, BooleanSupplier stop)
      throws IOException {
    Path run = folder.resolve("run");
    OptionalInt code = command.run(words.fit(spec, run), folder, stop);
    if (code.isEmpty() || code.getAsInt() != 0) {
      String why = command.refusal(folder.resolve(GraftProcess.LOG)).orElse("it failed");
      return RankedBase.failed(base, why);
    }
    Manifest manifest = Bundle.open(run.resolve("bundle")).manifest();
    Figure figure = Figure.selector(Tasks.of(manifest.task(), manifest.taskSettings()));
    Map<String, Double> validation = manifest.metrics().getOrDefault("validation", Map.of());
    Double value = validation.get(figure.id());
    return value == null
        ? RankedBase.failed(base, "the data leave no examples for validation")
        : new RankedBase(base, Optional.of(figure), value, "");
  }
}
