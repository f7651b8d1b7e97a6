package dev.graft.cli;

import dev.graft.Fitted;
import dev.graft.Graft;
import dev.graft.Measured;
import dev.graft.Transfer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a small model out of a large one. */
@Command(
    name = "distill",
    description = "Train a small network to do what a large one does; both end in one table.",
    footer =
        "%nExample: graft distill --teacher models/resnet56 --student resnet20 --data cifar"
            + " --out small",
    mixinStandardHelpOptions = true)
final class DistillCommand implements Callable<Integer> {

  @Mixin private Output output;

  @Option(
      names = "--teacher",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the model to learn from: a base or a bundle that knows the classes.")
  private Path teacher;

  @Option(
      names = "--student",
      required = true,
      paramLabel = "DIR|NAME",
      description =
          "The network to train: a folder with config.json, with or without weights, or one of"
              + " resnet8, resnet14, resnet20, resnet32, mobilenet_v2_0.25, mobilenet_v2_0.5.")
  private String student;

  @Mixin private DataOptions data;

  @Option(
      names = "--method",
      paramLabel = "METHODS",
      defaultValue = "from-scratch,kd",
      description =
          "Methods as fit takes them; fine-tune,kd where the student has weights. Default:"
              + " ${DEFAULT-VALUE}.")
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
      defaultValue = "distilled",
      description = "Run folder; one that a stopped run left goes on where it was.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    Transfer transfer =
        Graft.create()
            .transfer(Student.folder(student, out), data.folder())
            .teacher(teacher)
            .format(data.format(), data.settings())
            .method(method)
            .seed(seed);
    try (StopSignal stop = StopSignal.listen()) {
      Fitted fitted =
          Running.heard(
              (asked, listener) -> transfer.listener(listener).stopWhen(asked).fit(out), stop);
      if (!fitted.result().completed()) {
        return stop.end(Running.stopped(output, fitted));
      }
      Measured measured = transfer.measureTeacher();
      DistillSummary summary = new DistillSummary(measured, FitSummary.of(fitted));
      Files.writeString(out.resolve("distillation.md"), summary.markdown());
      output.print(
          summary,
          writer -> {
            summary.student().print(writer);
            writer.print(summary.markdown());
          });
      return stop.end(0);
    }
  }
}
