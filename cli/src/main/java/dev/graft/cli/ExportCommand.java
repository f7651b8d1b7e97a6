package dev.graft.cli;

import dev.graft.Graft;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes what a bundle trained in the layout of another program. */
@Command(
    name = "export",
    description =
        "Write the adapter of a bundle, with head and statistics, as other programs read it.",
    footer = "%nExample: graft export --bundle run/bundle --to peft --out adapter",
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {

  @Mixin private Output output;

  @Option(names = "--bundle", required = true, paramLabel = "DIR", description = "The model.")
  private Path bundle;

  @Option(names = "--to", required = true, paramLabel = "LAYOUT", description = "For example peft.")
  private String layout;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "The new folder.")
  private Path folder;

  @Override
  public Integer call() throws IOException {
    Graft.create().export(bundle, layout, folder);
    output.print(
        Map.of("layout", layout, "folder", folder.toString()),
        out -> out.println("written: " + folder));
    return 0;
  }
}
