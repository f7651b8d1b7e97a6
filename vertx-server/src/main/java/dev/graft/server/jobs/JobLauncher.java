package dev.graft.server.jobs;

import java.io.IOException;
import java.util.Optional;

/** Starts the processes of jobs. */
final class JobLauncher {

  private final GraftProcess command;
  private final FitWords words;
  private final JobFolder folder;

  JobLauncher(GraftProcess command, FitWords words, JobFolder folder) {
    this.command = command;
    this.words = words;
    this.folder = folder;
  }

  /**
   * Checks what can be checked before a job is made.
   *
   * @throws dev.graft.server.access.Refusal if a name, a number or the methods are not well formed
   */
  void check(JobSpec spec) throws IOException {
    var unused = words.transfer(spec);
  }

  /** Starts a job, or lets it go on where an earlier process left it. */
  Process start(Job job) throws IOException {
    return command.start(
        words.fit(job.spec(), folder.run(job.id())), folder.out(job.id()), folder.log(job.id()));
  }

  /** In which words the job's last process refused; empty if it did not. */
  Optional<String> refusal(Job job) throws IOException {
    return command.refusal(folder.log(job.id()));
  }
}
