package dev.graft.server.jobs;

import dev.graft.server.access.Names;
import dev.graft.server.access.Refusal;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Jobs and their processes. Safe for any thread; calls take as long as the files do.
 *
 * <p>Where a job stands is on disk before anything follows from it. A process ends when it ends,
 * not with the server: a server that starts finds the processes that still run, and lets the jobs
 * whose process is gone go on from their last snapshot. Whether a job succeeded is seen from its
 * bundle, which appears whole or not at all, and from nothing else.
 */
final class Jobs implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Jobs.class.getName());

  /** Most jobs that wait. */
  static final int WAITING = 100;

  /** A job whose process ends so often without a word is given up. */
  static final int CRASHES = 3;

  /** Seconds that a process has for its snapshot once it is asked to end. */
  private static final int GRACE = 90;

  /** Exit codes by which the command line says that it cannot: refused, wrong words, a defect. */
  private static final List<Integer> FAILURES = List.of(1, 2, 70);

  /** Exit codes after a signal that a person or a system sends: stopped, Ctrl-C, TERM. */
  private static final List<Integer> STOPS = List.of(3, 130, 143);

  private final JobFolder folder;
  private final JobLauncher launcher;
  private final int parallel;
  private final Retention retention;
  private final Clock clock;
  private final FolderLock lock;
  private final TreeMap<String, Job> jobs = new TreeMap<>();
  private boolean closed;

  private Jobs(
      JobFolder folder, JobLauncher launcher, TrainingOptions options, Clock clock, FolderLock lock)
      throws IOException {
    this.folder = folder;
    this.launcher = launcher;
    this.parallel = options.parallel();
    this.retention = options.retention();
    this.clock = clock;
    this.lock = lock;
    for (Job job : folder.read()) {
      jobs.put(job.id(), job);
    }
  }

  /**
   * Opens a folder of jobs and goes on with those that have not ended.
   *
   * @throws IOException if a record cannot be read, or another server works there
   */
  static Jobs open(JobFolder folder, JobLauncher launcher, TrainingOptions options, Clock clock)
      throws IOException {
    FolderLock lock = FolderLock.take(folder.root());
    try {
      Jobs jobs = new Jobs(folder, launcher, options, clock, lock);
      jobs.recover();
      return jobs;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  // ---- what clients ask for ----

  /**
   * Makes a job and starts it when its turn comes.
   *
   * @throws Refusal if the job is not well formed or too many wait
   */
  synchronized Job submit(JobSpec spec) throws IOException {
    launcher.check(spec);
    if (jobs.values().stream().filter(job -> job.state() == JobState.QUEUED).count() >= WAITING) {
      throw Refusal.overloaded("%d jobs wait; try again later".formatted(WAITING));
    }
    long now = clock.millis();
    Job.Status status =
        new Job.Status(JobState.QUEUED, "", now, Job.Worker.NONE, 0, /* cancelled= */ false);
    Job job = new Job(nextId(), spec, now, status);
    put(job);
    startNext();
    return get(job.id());
  }

  /** Ends a job; one that has ended stays as it is. */
  synchronized Job cancel(String id) throws IOException {
    Job job = get(id);
    if (job.state().isFinal()) {
      return job;
    }
    Job.Status was = job.status();
    put(job.with(was.asCancelled()));
    Optional<ProcessHandle> process = was.process().alive();
    if (job.state() == JobState.RUNNING && process.isPresent()) {
      end(process.get());
    } else {
      change(get(id), JobState.CANCELLED, "");
    }
    Job cancelled = get(id);
    forget();
    return cancelled;
  }

  /** All jobs, newest first. */
  synchronized List<Job> list() {
    return new ArrayList<>(jobs.descendingMap().values());
  }

  /**
   * A job.
   *
   * @throws Refusal if there is none of that id
   */
  synchronized Job get(String id) {
    Job job = jobs.get(Names.checked("job", id));
    if (job == null) {
      throw Refusal.notFound("no job '%s'", id);
    }
    return job;
  }

  private String nextId() {
    int last = jobs.isEmpty() ? 0 : Integer.parseInt(jobs.lastKey().substring(Job.PREFIX.length()));
    return "%s%08d".formatted(Job.PREFIX, last + 1);
  }

  // ---- processes ----

  private void startNext() throws IOException {
    List<Job> all = new ArrayList<>(jobs.values());
    long running = all.stream().filter(job -> job.state() == JobState.RUNNING).count();
    for (Job job : all) {
      if (job.state() == JobState.QUEUED && running < parallel) {
        running += start(job) ? 1 : 0;
      }
    }
  }

  private boolean start(Job job) throws IOException {
    Process process;
    try {
      process = launcher.start(job);
    } catch (IOException | Refusal e) {
      LOG.log(Level.ERROR, "job " + job.id(), e);
      change(job, JobState.FAILED, "it cannot be started: a folder is gone, or the command is");
      return false;
    }
    try {
      put(job.with(job.status().asRunning(Job.Worker.of(process.toHandle()), clock.millis())));
    } catch (IOException e) {
      var unused = process.destroyForcibly(); // nobody would know of it
      throw e;
    }
    LOG.log(Level.INFO, "{0} runs as process {1}", job.id(), Long.toString(process.pid()));
    var unused =
        process.onExit().thenAccept(ended -> ended(job.id(), OptionalInt.of(ended.exitValue())));
    return true;
  }

  /** Asks a process to end with a snapshot; one that does not is ended. */
  private static void end(ProcessHandle process) {
    var asked = process.destroy();
    LOG.log(Level.INFO, "process {0} is asked to end: {1}", process.pid(), asked);
    var unused =
        process
            .onExit()
            .orTimeout(GRACE, TimeUnit.SECONDS)
            .exceptionally(
                late -> {
                  var forced = process.destroyForcibly();
                  LOG.log(Level.WARNING, "process {0} was killed: {1}", process.pid(), forced);
                  return process;
                });
  }

  /**
   * The process of a job has ended.
   *
   * @param code its exit code, where it is known: that of another server's child is not
   */
  private synchronized void ended(String id, OptionalInt code) {
    if (closed) {
      return; // the next server sees it
    }
    try {
      settle(jobs.get(id), code);
      startNext();
      forget();
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.ERROR, "the end of " + id, e);
    }
  }

  private void settle(Job job, OptionalInt code) throws IOException {
    if (folder.isDone(job.id())) {
      change(job, JobState.SUCCEEDED, "");
    } else if (job.status().cancelled()) {
      change(job, JobState.CANCELLED, "");
    } else if (code.isPresent() && FAILURES.contains(code.getAsInt())) {
      change(job, JobState.FAILED, launcher.refusal(job).orElse("it failed; its log says why"));
    } else if (code.isPresent() && STOPS.contains(code.getAsInt())) {
      change(job, JobState.STOPPED, "it goes on when the server starts again");
    } else {
      crashed(job, code);
    }
  }

  private void crashed(Job job, OptionalInt code) throws IOException {
    String how = code.isPresent() ? "exit code " + code.getAsInt() : "exit code unknown";
    Job counted = job.with(job.status().asCrashed());
    if (counted.status().crashes() >= CRASHES) {
      change(
          counted,
          JobState.FAILED,
          "its process ended %d times without a word, the last time with %s"
              .formatted(CRASHES, how));
    } else {
      change(counted, JobState.QUEUED, "its process ended with %s; it goes on".formatted(how));
    }
  }

  // ---- a new server ----

  private synchronized void recover() throws IOException {
    for (Job job : new ArrayList<>(jobs.values())) {
      if (!job.state().isFinal()) {
        recover(job);
      }
    }
    startNext();
    forget();
  }

  private void recover(Job job) throws IOException {
    Optional<ProcessHandle> process = job.status().process().alive();
    if (folder.isDone(job.id())) {
      change(job, JobState.SUCCEEDED, "");
    } else if (job.state() == JobState.RUNNING && process.isPresent()) {
      LOG.log(Level.INFO, "{0} still runs as {1}", job.id(), Long.toString(process.get().pid()));
      if (job.status().cancelled()) {
        end(process.get());
      }
      var unused = process.get().onExit().thenAccept(ended -> ended(job.id(), OptionalInt.empty()));
    } else if (job.status().cancelled()) {
      change(job, JobState.CANCELLED, "");
    } else if (job.state() != JobState.QUEUED) {
      change(job, JobState.QUEUED, "its process was gone when the server started; it goes on");
    }
  }

  // ---- what is kept ----

  /** Deletes the jobs that have ended and are not kept; one that cannot be deleted stays. */
  private void forget() {
    for (Job job : retention.notKept(jobs, clock.millis())) {
      try {
        folder.delete(job.id());
        jobs.remove(job.id());
        LOG.log(Level.INFO, "{0} is not kept any longer", job.id());
      } catch (IOException e) {
        LOG.log(Level.WARNING, "the folder of " + job.id() + " stays", e);
      }
    }
  }

  private void change(Job job, JobState state, String message) throws IOException {
    LOG.log(Level.INFO, "{0}: {1} {2}", job.id(), state, message);
    put(job.with(job.status().as(state, message, clock.millis())));
  }

  private void put(Job job) throws IOException {
    folder.write(job);
    jobs.put(job.id(), job);
  }

  /** Leaves the processes as they are. */
  @Override
  public synchronized void close() throws IOException {
    closed = true;
    lock.close();
  }
}
