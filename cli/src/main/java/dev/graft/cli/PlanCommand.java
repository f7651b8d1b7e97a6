package dev.graft.cli;

import dev.graft.Graft;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what fit would do. */
@Command(
    name = "plan",
    description = "Print the plan that fit would carry out; nothing is trained.",
    footer =
        "%nExample: graft plan --base models/resnet20 --data flowers --method gradual-unfreeze",
    mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {

  @Mixin private TransferOptions options;
  @Mixin private Output output;

  @Option(
      names = "--method",
      paramLabel = "METHODS",
      defaultValue = "linear-probe",
      description = "Methods as fit takes them. Default: ${DEFAULT-VALUE}.")
  private String method;

  @Override
  public Integer call() throws IOException {
    String plan = options.transfer(Graft.create()).method(method).explain();
    output.print(Map.of("plan", plan), out -> out.print(plan));
    return 0;
  }
}
