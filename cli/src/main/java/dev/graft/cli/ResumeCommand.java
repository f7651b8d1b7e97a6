package dev.graft.cli;

import dev.graft.Graft;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Goes on with a run. */
@Command(
    name = "resume",
    description = "Go on with a run that was stopped or killed; ends in the same bits.",
    footer = "%nExample: graft resume run",
    mixinStandardHelpOptions = true)
final class ResumeCommand implements Callable<Integer> {

  @Mixin private Output output;

  @Parameters(paramLabel = "DIR", description = "Run folder that fit was given as --out.")
  private Path run;

  @Override
  public Integer call() throws IOException {
    return Running.run(
        output,
        (stop, listener) -> Graft.create().resume(run).listener(listener).stopWhen(stop).fit(run));
  }
}
