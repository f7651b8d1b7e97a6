package dev.graft.cli;

import dev.graft.Graft;
import dev.graft.infer.Predictor;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** A bundle to predict with; shared by the commands that do. */
final class Opened {

  @Option(names = "--bundle", required = true, paramLabel = "DIR", description = "The model.")
  private Path bundle;

  @Option(
      names = "--base",
      paramLabel = "DIR",
      description = "The base of a bundle that holds only what differs from it.")
  private Path base;

  @Option(
      names = "--task",
      paramLabel = "NAME",
      defaultValue = "main",
      description = "Which task, of a model with several. Default: ${DEFAULT-VALUE}.")
  private String task;

  Predictor predictor(Graft graft) throws IOException {
    return base == null ? graft.predictor(bundle, task) : graft.predictor(bundle, base, task);
  }
}
