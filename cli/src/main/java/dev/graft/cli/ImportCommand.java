package dev.graft.cli;

import dev.graft.Graft;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a bundle out of another one and what another program trained. */
@Command(
    name = "import",
    description = "Write a copy of a bundle with an adapter that another program trained.",
    footer =
        "%nExample: graft import --bundle run/bundle --from peft --in adapter --out new-bundle",
    mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {

  @Mixin private Output output;

  @Option(names = "--bundle", required = true, paramLabel = "DIR", description = "The model.")
  private Path bundle;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "LAYOUT",
      description = "For example peft.")
  private String layout;

  @Option(names = "--in", required = true, paramLabel = "DIR", description = "What is read.")
  private Path folder;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "The new bundle.")
  private Path target;

  @Override
  public Integer call() throws IOException {
    var written = Graft.create().importInto(bundle, layout, folder, target);
    output.print(
        Map.of("layout", layout, "bundle", written.folder().toString()),
        out -> out.println("written: " + written.folder()));
    return 0;
  }
}
