package dev.graft.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** The root command and the exit codes. */
@Command(
    name = "graft",
    description = "Transfer learning: a pretrained model and a small data set in, a model out.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    version = "graft 0.1.0-SNAPSHOT",
    subcommands = {
      DemoCommand.class,
      FitCommand.class,
      CompareCommand.class,
      PlanCommand.class,
      EvalCommand.class,
      PredictCommand.class,
      ResumeCommand.class,
      InspectCommand.class,
      ModelsCommand.class,
      MethodsCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:refused: a file, a folder or a setting is not as it must be; one line says why",
      "2:the command line itself is wrong",
      "3:stopped before the end; graft resume goes on",
      "70:a defect in graft; the stack trace says where"
    },
    footer = "%nExample: graft fit --base models/resnet20 --data flowers --method lp-ft --out run")
public final class Main {

  static final int REFUSED = 1;
  static final int STOPPED = 3;
  static final int DEFECT = 70;

  private Main() {}

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setExecutionExceptionHandler(Main::failed)
        .setUsageHelpAutoWidth(true)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  /** What the user can mend is one line; a defect of ours is a stack trace. */
  private static int failed(Exception e, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    Exception cause = e instanceof UncheckedIOException io ? io.getCause() : e;
    if (cause instanceof IOException || cause instanceof IllegalArgumentException) {
      err.println("graft: " + oneLine(cause));
      return REFUSED;
    }
    if (cause instanceof dev.graft.train.TrainingDivergedException) {
      err.println("graft: " + cause.getMessage());
      return REFUSED;
    }
    e.printStackTrace(err);
    return DEFECT;
  }

  private static String oneLine(Exception e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    String kind = e instanceof java.nio.file.NoSuchFileException ? "there is no file '%s'" : "%s";
    return kind.formatted(message.lines().findFirst().orElse(message));
  }
}
