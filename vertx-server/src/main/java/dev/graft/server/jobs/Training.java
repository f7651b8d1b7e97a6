package dev.graft.server.jobs;

import dev.graft.bundle.Bundle;
import dev.graft.internal.AtomicFiles;
import dev.graft.internal.Json;
import dev.graft.server.access.Refusal;
import dev.graft.train.EventLog;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The side of the server that trains: jobs, plans and rankings, all in processes of their own. Safe
 * for any thread; calls block.
 */
public final class Training implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Training.class.getName());

  private static final String SCRATCH = ".scratch";

  /**
   * Plans that are made at once, each in a process that keeps a thread of the server's: fewer than
   * it has, so that jobs can still be listed, watched and cancelled.
   */
  static final int PLANS = 4;

  private final NamedFolders bases;
  private final NamedFolders data;
  private final FitWords words;
  private final GraftProcess command;
  private final JobFolder folder;
  private final Jobs jobs;
  private final Semaphore plans = new Semaphore(PLANS);
  private final Semaphore rankings = new Semaphore(1);

  private Training(TrainingOptions options, Clock clock) throws IOException {
    bases = new NamedFolders("base", options.bases());
    data = new NamedFolders("data set", options.data());
    folder = new JobFolder(options.jobs());
    words = new FitWords(bases, data);
    command =
        new GraftProcess(
            options.command(),
            // Two of them may be one folder.
            Stream.of(bases.root(), data.root(), folder.root())
                .distinct()
                .collect(Collectors.toMap(root -> root + "/", root -> "")));
    jobs = Jobs.open(folder, new JobLauncher(command, words, folder), options, clock);
    forgetScratch();
  }

  /** What a killed server left; its process may still write there. */
  private void forgetScratch() {
    try {
      AtomicFiles.deleteAll(folder.root().resolve(SCRATCH));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "a folder of an earlier server stays", e);
    }
  }

  /**
   * Opens the folders and goes on with the jobs that have not ended.
   *
   * @throws IOException if a folder is missing or cannot be read, or another server has the jobs
   */
  public static Training open(TrainingOptions options, Clock clock) throws IOException {
    return new Training(options, clock);
  }

  /** Names of the bases there are. */
  public List<String> bases() throws IOException {
    return bases.names();
  }

  /** Names of the data sets there are. */
  public List<String> data() throws IOException {
    return data.names();
  }

  /**
   * Makes a job.
   *
   * @throws Refusal if it is not well formed, names what is not there, or too many wait
   */
  public Job fit(JobSpec spec) throws IOException {
    return jobs.submit(spec);
  }

  /** Ends a job; one that has ended stays as it is. */
  public Job cancel(String id) throws IOException {
    return jobs.cancel(id);
  }

  /** All jobs, newest first. */
  public List<Job> jobs() {
    return jobs.list();
  }

  /**
   * A job.
   *
   * @throws Refusal if there is none of that id
   */
  public Job job(String id) {
    return jobs.get(id);
  }

  /** The events of a job, from the first on; there may be none yet. */
  public EventTail events(String id) {
    return new EventTail(folder.run(job(id).id()).resolve(EventLog.FILE));
  }

  /**
   * What came of a job.
   *
   * @throws Refusal if it has not succeeded
   */
  public Bundle bundle(String id) throws IOException {
    Job job = job(id);
    if (job.state() != JobState.SUCCEEDED) {
      throw Refusal.precondition(
          "job '%s' is %s; only one that succeeded has this", id, job.state());
    }
    return Bundle.open(folder.bundle(id));
  }

  /**
   * What a job would do, as a table.
   *
   * @param stop true once nobody waits any more
   * @throws Refusal if the job would be refused, or as many plans as may be are being made
   */
  public String plan(JobSpec spec, BooleanSupplier stop) throws IOException {
    List<String> arguments = words.plan(spec);
    return limited(
        plans,
        "%d plans are being made, of at most %d at a time; try again later".formatted(PLANS, PLANS),
        scratch -> {
          OptionalInt code = command.run(arguments, scratch, stop);
          if (code.isEmpty()) {
            throw Refusal.unavailable("nobody waits for the plan any more");
          }
          if (code.getAsInt() != 0) {
            throw Refusal.invalid(
                "%s", command.refusal(scratch.resolve(GraftProcess.LOG)).orElse("no plan"));
          }
          byte[] json = Files.readAllBytes(scratch.resolve(GraftProcess.OUT));
          return (String) Json.readObject(json, "the plan").get("plan");
        });
  }

  /**
   * Tries bases on a data set.
   *
   * @param names of bases; empty: all
   * @param like what is the same for all; its base and methods are not looked at
   * @param stop true once nobody waits any more
   * @return best first
   * @throws Refusal if a name is not there, or another ranking is under way
   */
  public List<RankedBase> rank(List<String> names, JobSpec like, BooleanSupplier stop)
      throws IOException {
    List<String> tried = (names.isEmpty() ? bases.names() : names).stream().distinct().toList();
    for (String name : tried) {
      var unused = words.transfer(like.with(name, Ranking.METHOD));
    }
    return limited(
        rankings,
        "another ranking is under way, of at most 1 at a time; try again later",
        scratch -> new Ranking(command, words).rank(tried, like, scratch, stop));
  }

  private interface Work<T> {

    T in(Path scratch) throws IOException;
  }

  /** Does work that few may do at a time, or refuses at once. */
  private <T> T limited(Semaphore permits, String full, Work<T> work) throws IOException {
    if (!permits.tryAcquire()) {
      throw Refusal.overloaded(full);
    }
    try {
      return inScratch(work);
    } finally {
      permits.release();
    }
  }

  private <T> T inScratch(Work<T> work) throws IOException {
    Path all = Files.createDirectories(folder.root().resolve(SCRATCH));
    Path scratch = Files.createTempDirectory(all, "");
    try {
      return work.in(scratch);
    } finally {
      AtomicFiles.deleteAll(scratch);
    }
  }

  /** Leaves the processes of jobs as they are. */
  @Override
  public void close() throws IOException {
    jobs.close();
  }
}
