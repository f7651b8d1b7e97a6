package dev.graft.cli;

import dev.graft.infer.PredictorOptions;
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

  PredictorOptions options() {
    return PredictorOptions.defaults()
        .withBatch(batch, Duration.ofMillis(delay))
        .withCapacity(waiting);
  }

  /** The same in words. */
  String text() {
    return "batches of up to %d within %d ms, up to %d inputs of a model wait"
        .formatted(batch, delay, waiting);
  }
}
