package dev.graft.cli;

import dev.graft.spi.ModelFamily;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** List the families of networks that can be a base. */
@Command(
    name = "models",
    description = "List the families of networks that can be a base.",
    footer = "%nExample: graft models --json",
    mixinStandardHelpOptions = true)
final class ModelsCommand implements Callable<Integer> {

  @Mixin private Output output;

  @Override
  public Integer call() {
    return PluginList.print(ModelFamily.class, output);
  }
}
