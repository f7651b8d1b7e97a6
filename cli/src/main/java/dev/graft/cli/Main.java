package dev.graft.cli;

import dev.graft.tensor.OutOfNativeMemoryException;
import dev.graft.train.TrainingDivergedException;
import dev.graft.weights.LoadException;
import dev.graft.weights.WeightFormatException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
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
      DistillCommand.class,
      MultitaskCommand.class,
      PlanCommand.class,
      EvalCommand.class,
      PredictCommand.class,
      EmbedCommand.class,
      GenerateCommand.class,
      ServeCommand.class,
      ResumeCommand.class,
      LrFindCommand.class,
      PullCommand.class,
      InspectCommand.class,
      ExportCommand.class,
      ImportCommand.class,
      ModelsCommand.class,
      MethodsCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:refused: a file, a folder or a setting is not as it must be; one line says why",
      "2:the command line itself is wrong",
      "3:stopped by Ctrl-C or TERM with a snapshot; graft resume goes on",
      "70:a defect in graft; the stack trace says where",
      "130:ended by Ctrl-C, with nothing to save or no time for it; 143: by TERM"
    },
    footer = "%nExample: graft fit --base models/resnet20 --data flowers --method lp-ft --out run")
public final class Main {

  static final int REFUSED = 1;
  static final int STOPPED = 3;
  static final int DEFECT = 70;

  /** What the user can mend: one line says how. Everything else is a defect of ours. */
  private static final List<Class<? extends Exception>> REFUSALS =
      List.of(
          IOException.class,
          IllegalArgumentException.class,
          WeightFormatException.class,
          LoadException.class,
          TrainingDivergedException.class,
          OutOfNativeMemoryException.class);

  private Main() {}

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(run(args, System.getenv()));
  }

  /** Runs the command line in an environment. */
  static int run(String[] args, Map<String, String> environment) {
    CommandLine line = commandLine(environment);
    try {
      return line.execute(ServeArguments.complete(args, environment));
    } catch (IOException e) {
      return failed(e, line, null);
    }
  }

  /** The command line in an environment. */
  static CommandLine commandLine(Map<String, String> environment) {
    return new CommandLine(new Main(), new Factory(environment))
        .setExecutionExceptionHandler(Main::failed)
        .setUsageHelpAutoWidth(true)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  /** Makes commands; those that look at the environment are given it. */
  private record Factory(Map<String, String> environment) implements IFactory {

    @Override
    public <K> K create(Class<K> type) throws Exception {
      if (type == PullCommand.class) {
        return type.cast(new PullCommand(environment));
      }
      return type == ServeCommand.class
          ? type.cast(new ServeCommand(environment))
          : CommandLine.defaultFactory().create(type);
    }
  }

  private static int failed(Exception e, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    Exception cause = e instanceof UncheckedIOException io ? io.getCause() : e;
    if (REFUSALS.stream().anyMatch(kind -> kind.isInstance(cause))) {
      err.println("graft: " + oneLine(cause));
      return REFUSED;
    }
    e.printStackTrace(err);
    return DEFECT;
  }

  /** What is wrong, in one line. */
  static String oneLine(Exception e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    String kind = e instanceof java.nio.file.NoSuchFileException ? "there is no file '%s'" : "%s";
    return kind.formatted(message.lines().findFirst().orElse(message));
  }
}
