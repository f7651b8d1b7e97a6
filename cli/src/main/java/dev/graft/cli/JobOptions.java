package dev.graft.cli;

import dev.graft.server.ServerOptions;
import dev.graft.server.jobs.Retention;
import dev.graft.server.jobs.TrainingOptions;
import dev.graft.server.registry.DatabaseOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** How a server trains on request; all of its folders are needed. */
final class JobOptions {

  @Option(
      names = "--bases",
      required = true,
      paramLabel = "DIR",
      description = "The models to start from, by name: DIR/NAME is a base.")
  private Path bases;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "The data sets, by name: DIR/NAME holds labelled examples.")
  private Path data;

  @Option(
      names = "--jobs",
      required = true,
      paramLabel = "DIR",
      description = "Where jobs are kept: records, logs and run folders. One server to a folder.")
  private Path jobs;

  @Option(
      names = "--parallel-jobs",
      paramLabel = "N",
      defaultValue = "1",
      description = "Jobs that run at once. Default: ${DEFAULT-VALUE}.")
  private int parallel;

  @Option(
      names = "--job-memory",
      paramLabel = "SIZE",
      defaultValue = "",
      description = "Largest heap of a job as Java has it: 2g. Default: Java's own.")
  private String memory;

  @Option(
      names = "--database",
      paramLabel = "URL",
      defaultValue = "",
      description =
          "Where it is kept which versions of models answer: jdbc:postgresql://HOST/NAME, with the"
              + " user and the password in GRAFT_DATABASE_USER and GRAFT_DATABASE_PASSWORD."
              + " Default: a file beside the jobs.")
  private String database;

  @Option(
      names = "--follow",
      paramLabel = "SECONDS",
      defaultValue = "" + DatabaseOptions.FOLLOW,
      description =
          "Time between looks at what other servers on the database promoted; 0: there are none."
              + " Default: ${DEFAULT-VALUE}.")
  private int follow;

  @Option(
      names = "--keep-jobs",
      paramLabel = "N",
      description = "Jobs that are kept when they have ended, the last ones. Default: all.")
  private int kept = Retention.ALL.jobs();

  @Option(
      names = "--keep-days",
      paramLabel = "N",
      description = "Days that a job is kept when it has ended. Default: any number.")
  private int days = Retention.ALL.days();

  /** These options on those of a server. */
  ServerOptions on(ServerOptions server, Map<String, String> environment) {
    if (database.isEmpty()) {
      return server.withTraining(training());
    }
    String user = environment.getOrDefault("GRAFT_DATABASE_USER", "");
    String password = environment.getOrDefault("GRAFT_DATABASE_PASSWORD", "");
    return server.withTraining(
        training(), new DatabaseOptions(database, user, password).withFollow(follow));
  }

  private TrainingOptions training() {
    return new TrainingOptions(bases, data, jobs, command(), parallel)
        .withRetention(new Retention(kept, days));
  }

  /** This command line, as a process of its own. */
  private List<String> command() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command = new ArrayList<>(List.of(java, "-Djava.awt.headless=true"));
    if (!memory.isEmpty()) {
      command.add("-Xmx" + memory);
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    return command;
  }
}
