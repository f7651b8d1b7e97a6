package dev.graft.cli;

import dev.graft.infer.PredictorOptions;
import dev.graft.tensor.Runtime;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How a server gathers inputs into batches. */
final class BatchOptions {

  @Option(
      names = "--max-batch",
      paramLabel = "N",
      defaultValue = "32",
      description = "Most inputs that are computed together. Default: ${DEFAULT-VALUE}.")
  private int batch;

  @Option(
      names = "--max-delay",
      paramLabel = "MS",
      defaultValue = "2",
      description =
          "Milliseconds that an input may wait for others to join it; 0 takes what is there."
              + " Default: ${DEFAULT-VALUE}.")
  private int delay;

  @Option(
      names = "--max-waiting",
      paramLabel = "N",
      defaultValue = "1024",
      description =
          "Inputs of a model that may be unanswered at a time; more are refused at once. Default:"
              + " ${DEFAULT-VALUE}.")
  private int waiting;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads that compute one batch. Default: one less than there are processors, so that"
              + " connections are not kept waiting.")
  private Integer threads;

  /** Takes the threads for the whole process. */
  void takeThreads() {
    int processors = java.lang.Runtime.getRuntime().availableProcessors();
    Runtime.setThreads(threads == null ? Math.max(1, processors - 1) : threads);
  }

  PredictorOptions options() {
    return PredictorOptions.defaults()
        .withBatch(batch, Duration.ofMillis(delay))
        .withCapacity(waiting);
  }

  /** The same in words. */
  String text() {
    return "batches of up to %d within %d ms (threads: %d), up to %d inputs of a model wait"
        .formatted(batch, delay, Runtime.threads(), waiting);
  }
}
