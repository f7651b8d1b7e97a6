package dev.graft.cli;

import dev.graft.Graft;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a bundle without or with what its base has, or in the layout of another program. */
@Command(
    name = "export",
    description =
        "Write what a bundle changed in its base, as a small bundle or as other programs read it.",
    footer =
        "%nExample: graft export --bundle run/bundle --to peft --out adapter"
            + "%n         graft export --bundle run/bundle --base BASE --to changes --out small"
            + "%n         graft export --bundle small --base BASE --to bundle --out whole",
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {

  private static final String CHANGES = "changes";
  private static final String BUNDLE = "bundle";

  @Mixin private Output output;

  @Option(names = "--bundle", required = true, paramLabel = "DIR", description = "The model.")
  private Path bundle;

  @Option(
      names = "--base",
      paramLabel = "DIR",
      description = "What the bundle was made from; for changes and bundle.")
  private Path base;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "LAYOUT",
      description =
          "changes: a bundle of what differs from the base, which it needs from then on; bundle:"
              + " such a one with all weights again; or a layout of other programs, such as peft.")
  private String layout;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "The new folder.")
  private Path folder;

  @Override
  public Integer call() throws IOException {
    export(Graft.create());
    output.print(
        Map.of("layout", layout, "folder", folder.toString()),
        out -> out.println("written: " + folder));
    return 0;
  }

  private void export(Graft graft) throws IOException {
    boolean ofBundles = layout.equals(CHANGES) || layout.equals(BUNDLE);
    if (ofBundles != (base != null)) {
      throw new IllegalArgumentException(
          "--to %s and --to %s need --base, the model that the bundle was made from; other layouts"
                  .formatted(CHANGES, BUNDLE)
              + " take none");
    }
    switch (layout) {
      case CHANGES -> graft.withoutBase(bundle, base, folder);
      case BUNDLE -> graft.withBase(bundle, base, folder);
      default -> graft.export(bundle, layout, folder);
    }
  }
}
