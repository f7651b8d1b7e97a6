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
 * @param retention which jobs are kept once they have ended
 */
public record TrainingOptions(
    Path bases, Path data, Path jobs, List<String> command, int parallel, Retention retention) {

  /** All jobs are kept. */
  public TrainingOptions(Path bases, Path data, Path jobs, List<String> command, int parallel) {
    this(bases, data, jobs, command, parallel, Retention.ALL);
  }

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

  /** With fewer jobs that are kept. */
  public TrainingOptions withRetention(Retention value) {
    return new TrainingOptions(bases, data, jobs, command, parallel, value);
  }
}
