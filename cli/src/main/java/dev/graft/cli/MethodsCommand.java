package dev.graft.cli;

import dev.graft.spi.TransferMethod;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** List the transfer methods. */
@Command(
    name = "methods",
    description = "List the transfer methods.",
    footer = "%nExample: graft methods --json",
    mixinStandardHelpOptions = true)
final class MethodsCommand implements Callable<Integer> {

  @Mixin private Output output;

  @Override
  public Integer call() {
    return PluginList.print(TransferMethod.class, output);
  }
}
