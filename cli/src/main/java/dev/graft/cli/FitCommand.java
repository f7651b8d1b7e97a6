package dev.graft.cli;

import dev.graft.Fitted;
import dev.graft.Graft;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains and writes a bundle. */
@Command(
    name = "fit",
    description = "Adapt a base model to a data set and write a bundle.",
    footer = "%nExample: graft fit --base models/resnet20 --data flowers --method lp-ft --out run",
    mixinStandardHelpOptions = true)
final class FitCommand implements Callable<Integer> {

  @Mixin private TransferOptions options;
  @Mixin private Output output;

  @Option(
      names = "--method",
      paramLabel = "METHODS",
      defaultValue = "linear-probe",
      description =
          "Methods, separated by commas, each with settings behind colons:"
              + " fine-tune:lr=0.01:epochs=5. Default: ${DEFAULT-VALUE}.")
  private String method;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "The same seed gives the same bits on the same machine. Default: 0.")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "run",
      description =
          "Run folder; one that a stopped run left goes on where it was. Default:"
              + " ${DEFAULT-VALUE}.")
  private Path out;

  @Option(names = "--zip", description = "Write the bundle as one file too, DIR/bundle.zip.")
  private boolean zip;

  @Option(
      names = "--changes",
      description =
          "Write what differs from the base as a small bundle too, DIR/changes; it needs the base.")
  private boolean changes;

  @Override
  public Integer call() throws IOException {
    return Running.run(
        output,
        (stop, listener) -> {
          Fitted fitted =
              options
                  .transfer(Graft.create())
                  .method(method)
                  .seed(seed)
                  .listener(listener)
                  .stopWhen(stop)
                  .fit(out);
          if (zip && fitted.bundle().isPresent()) {
            Path file = fitted.bundle().get().zip(out.resolve("bundle.zip")).folder();
            output.say("bundle as one file: " + file);
          }
          if (changes && fitted.bundle().isPresent()) {
            Path folder = fitted.bundle().get().folder();
            Graft.create().withoutBase(folder, options.base(), out.resolve("changes"));
            output.say("what differs from the base: " + out.resolve("changes"));
          }
          return fitted;
        });
  }
}
