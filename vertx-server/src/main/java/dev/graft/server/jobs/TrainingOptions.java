package dev.graft.server.jobs;

import java.nio.file.Path;
import java.util.List;

/**
 * How a server trains.
 *
 * @param bases folder of pretrained models
 * @param data folder of data sets
 * @param jobs folder of jobs: records, logs and run folders
 * @param command what runs the {@code graft} command line, without its arguments
 * @param parallel jobs that run at once, at least 1
 */
public record TrainingOptions(
    Path bases, Path data, Path jobs, List<String> command, int parallel) {

  public TrainingOptions {
    command = List.copyOf(command);
    if (command.isEmpty() || parallel < 1) {
      throw new IllegalArgumentException(
          "%d jobs at once by the command %s; there must be a command and at least 1 job"
              .formatted(parallel, command));
    }
  }

  /** One job at a time. */
  public static TrainingOptions of(Path bases, Path data, Path jobs, List<String> command) {
    return new TrainingOptions(bases, data, jobs, command, 1);
  }
}
