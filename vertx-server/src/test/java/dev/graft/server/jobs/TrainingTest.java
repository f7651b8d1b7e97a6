package dev.graft.server.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.server.access.Refusal;
import dev.graft.train.TrainEvent;
import io.vertx.grpc.common.GrpcStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose processes are real and whose work is not. */
@Timeout(120)
class TrainingTest {

  private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1000), ZoneOffset.UTC);

  @TempDir private Path temp;
  private TrainingOptions options;

  @BeforeEach
  void folders() throws IOException {
    Path bundle = Files.createDirectories(temp.resolve("data").resolve("set").resolve("base"));
    Files.writeString(bundle.resolve("graft.json"), "{}");
    Files.createDirectories(temp.resolve("bases").resolve("base"));
    options =
        TrainingOptions.of(
            temp.resolve("bases"), temp.resolve("data"), temp.resolve("jobs"), FakeGraft.command());
  }

  private static JobSpec spec(String methods) {
    return new JobSpec("base", "set", methods, 0, 0, 0.2, 0, 0, Map.of());
  }

  private static Job await(Training training, String id, Predicate<Job> wanted) {
    while (true) {
      Job job = training.job(id);
      if (wanted.test(job)) {
        return job;
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  private static Job ended(Training training, String id) {
    return await(training, id, job -> job.state().isFinal());
  }

  /** Until the process has begun to work. */
  private static void begun(Training training, String id) throws IOException {
    while (training.events(id).next().isEmpty()) {
      LockSupport.parkNanos(5_000_000);
    }
  }

  private void letGo() throws IOException {
    Files.createFile(temp.resolve("data").resolve("set").resolve("go"));
  }

  @Test
  void aJobRunsToItsBundleAndItsEventsAreKept() throws Exception {
    try (Training training = Training.open(options, CLOCK)) {
      Job job = training.fit(spec("ok"));
      assertEquals("job-00000001", job.id());
      assertEquals(1000, job.created());
      assertEquals(JobState.SUCCEEDED, ended(training, job.id()).state());
      EventTail tail = training.events(job.id());
      List<EventTail.Numbered> events = tail.next();
      assertEquals(new TrainEvent.RunStarted(0, Map.of("threads", "1")), events.get(0).event());
      assertEquals(new TrainEvent.RunEnded(true, 7), events.get(1).event());
      assertEquals(List.of(0L, 1L), events.stream().map(EventTail.Numbered::number).toList());
      assertTrue(tail.next().isEmpty());
    }
  }

  @Test
  void jobsWaitForTheirTurn() throws Exception {
    try (Training training = Training.open(options, CLOCK)) {
      Job first = training.fit(spec("slow"));
      Job second = training.fit(spec("ok"));
      assertEquals(JobState.RUNNING, first.state());
      assertEquals(JobState.QUEUED, second.state());
      assertEquals(
          List.of(second.id(), first.id()), training.jobs().stream().map(Job::id).toList());
      letGo();
      assertEquals(JobState.SUCCEEDED, ended(training, second.id()).state());
      assertEquals(JobState.SUCCEEDED, training.job(first.id()).state());
    }
  }

  @Test
  void whatTheCommandRefusesIsToldWithoutFolders() throws Exception {
    try (Training training = Training.open(options, CLOCK)) {
      Job job = ended(training, training.fit(spec("other")).id());
      assertEquals(JobState.FAILED, job.state());
      assertEquals("no method 'other' for base", job.status().message());
    }
  }

  @Test
  void aProcessThatDiesIsStartedAgainAFewTimes() throws Exception {
    try (Training training = Training.open(options, CLOCK)) {
      Job once = ended(training, training.fit(spec("crash-once")).id());
      assertEquals(JobState.SUCCEEDED, once.state());
      assertEquals(1, once.status().crashes());
      Job always = ended(training, training.fit(spec("crash")).id());
      assertEquals(JobState.FAILED, always.state());
      assertTrue(always.status().message().contains("exit code 137"), always::toString);
      List<TrainEvent> events =
          training.events(always.id()).next().stream().map(EventTail.Numbered::event).toList();
      assertEquals(Jobs.CRASHES, events.size());
    }
  }

  @Test
  void aProcessThatStillRunsIsFoundAgain() throws Exception {
    Job before;
    try (Training training = Training.open(options, CLOCK)) {
      before = training.fit(spec("slow"));
    }
    try (Training training = Training.open(options, CLOCK)) {
      Job found = training.job(before.id());
      assertEquals(JobState.RUNNING, found.state());
      assertEquals(before.status().process(), found.status().process());
      letGo();
      assertEquals(JobState.SUCCEEDED, ended(training, before.id()).state());
      assertEquals(1, starts(training, before.id()));
    }
  }

  @Test
  void aJobWhoseProcessIsGoneGoesOn() throws Exception {
    Job before;
    try (Training training = Training.open(options, CLOCK)) {
      before = training.fit(spec("slow"));
      begun(training, before.id());
    }
    ProcessHandle process = before.status().process().alive().orElseThrow();
    assertTrue(process.destroyForcibly());
    var unused = process.onExit().get();
    letGo();
    try (Training training = Training.open(options, CLOCK)) {
      assertEquals(JobState.SUCCEEDED, ended(training, before.id()).state());
      assertEquals(2, starts(training, before.id()));
    }
  }

  private static long starts(Training training, String id) throws IOException {
    return training.events(id).next().stream()
        .filter(each -> each.event() instanceof TrainEvent.RunStarted)
        .count();
  }

  @Test
  void aJobThatEndedWhileNobodyLookedHasSucceeded() throws Exception {
    Job before;
    try (Training training = Training.open(options, CLOCK)) {
      before = training.fit(spec("slow"));
    }
    ProcessHandle process = before.status().process().alive().orElseThrow();
    letGo();
    var unused = process.onExit().get();
    try (Training training = Training.open(options, CLOCK)) {
      assertEquals(JobState.SUCCEEDED, training.job(before.id()).state());
    }
  }

  @Test
  void cancellingEndsTheProcessAndStays() throws Exception {
    String running;
    String waiting;
    try (Training training = Training.open(options, CLOCK)) {
      running = training.fit(spec("slow")).id();
      waiting = training.fit(spec("ok")).id();
      assertEquals(JobState.CANCELLED, training.cancel(waiting).state());
      begun(training, running);
      assertTrue(training.cancel(running).status().cancelled());
      assertEquals(JobState.CANCELLED, ended(training, running).state());
      assertEquals(JobState.CANCELLED, training.cancel(running).state());
      assertTrue(training.job(running).status().process().alive().isEmpty());
    }
    try (Training training = Training.open(options, CLOCK)) {
      assertEquals(JobState.CANCELLED, training.job(running).state());
      assertEquals(JobState.CANCELLED, training.job(waiting).state());
    }
  }

  @Test
  void aSignalFromOutsideStopsAJobUntilTheNextStart() throws Exception {
    String id;
    try (Training training = Training.open(options, CLOCK)) {
      Job job = training.fit(spec("slow"));
      id = job.id();
      begun(training, id);
      assertTrue(job.status().process().alive().orElseThrow().destroy());
      assertEquals(
          JobState.STOPPED, await(training, id, j -> j.state() != JobState.RUNNING).state());
    }
    letGo();
    try (Training training = Training.open(options, CLOCK)) {
      assertEquals(JobState.SUCCEEDED, ended(training, id).state());
    }
  }

  @Test
  void nothingButNamesIsTaken() throws Exception {
    Files.createDirectories(temp.resolve("outside"));
    Files.createSymbolicLink(temp.resolve("bases").resolve("link"), temp.resolve("outside"));
    try (Training training = Training.open(options, CLOCK)) {
      for (String base : List.of("", "..", "../bases/base", "/etc", "a b", "link", "other")) {
        JobSpec spec = new JobSpec(base, "set", "ok", 0, 0, 0.2, 0, 0, Map.of());
        Refusal refusal = assertThrows(Refusal.class, () -> training.fit(spec), base);
        assertFalse(refusal.getMessage().contains(temp.toString()), refusal::getMessage);
      }
      for (String methods : List.of("", "@file", "ok --base=x", "a/b", "ok;x", "x".repeat(1001))) {
        assertThrows(Refusal.class, () -> training.fit(spec(methods)), methods);
      }
      JobSpec negative = new JobSpec("base", "set", "ok", 0, -1, 0.2, 0, 0, Map.of());
      assertThrows(Refusal.class, () -> training.fit(negative));
      for (double share : new double[] {-0.1, 1, Double.NaN}) {
        JobSpec spec = new JobSpec("base", "set", "ok", 0, 0, share, 0, 0, Map.of());
        Refusal refusal = assertThrows(Refusal.class, () -> training.fit(spec));
        assertTrue(refusal.getMessage().contains("a share of " + share), refusal::getMessage);
      }
      JobSpec missing =
          new JobSpec("base", "set", "ok", 0, 0, 0.2, 0, 0, Map.of(JobSpec.TEACHER, "nobody"));
      Refusal refusal = assertThrows(Refusal.class, () -> training.fit(missing));
      assertEquals(GrpcStatus.NOT_FOUND, refusal.status());
      assertTrue(refusal.getMessage().contains("[base]"), refusal::getMessage);
      assertTrue(training.jobs().isEmpty());
    }
  }

  @Test
  void tooManyThatWaitAreRefused() throws Exception {
    try (Training training = Training.open(options, CLOCK)) {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i <= Jobs.WAITING; i++) {
        ids.add(training.fit(spec("slow")).id());
      }
      Refusal refusal = assertThrows(Refusal.class, () -> training.fit(spec("slow")));
      assertEquals(GrpcStatus.RESOURCE_EXHAUSTED, refusal.status());
      for (int i = ids.size() - 1; i >= 0; i--) {
        var unused = training.cancel(ids.get(i));
      }
      assertEquals(JobState.CANCELLED, ended(training, ids.get(0)).state());
    }
  }

  private boolean isOnDisk(String id) {
    return Files.exists(temp.resolve("jobs").resolve(id));
  }

  @Test
  void onlyTheJobsThatEndedLastAreKept() throws Exception {
    TrainingOptions two =
        new TrainingOptions(options.bases(), options.data(), options.jobs(), options.command(), 2);
    try (Training training =
        Training.open(two.withRetention(new Retention(1, 1)), Clock.systemUTC())) {
      String running = training.fit(spec("slow")).id();
      String gone = ended(training, training.fit(spec("ok")).id()).id();
      assertTrue(isOnDisk(gone));
      String kept = ended(training, training.fit(spec("other")).id()).id();
      assertFalse(isOnDisk(gone));
      assertEquals(
          GrpcStatus.NOT_FOUND, assertThrows(Refusal.class, () -> training.job(gone)).status());
      assertEquals(JobState.RUNNING, training.job(running).state());
      assertEquals(JobState.FAILED, training.job(kept).state());
      String last = training.cancel(training.fit(spec("slow")).id()).id();
      assertEquals(JobState.CANCELLED, ended(training, last).state());
      assertFalse(isOnDisk(kept));
      letGo();
      assertEquals(JobState.SUCCEEDED, ended(training, running).state());
      assertTrue(isOnDisk(last), "the last number is not given again");
    }
  }

  @Test
  void jobsThatEndedLongAgoAreDeletedWhenAServerStarts() throws Exception {
    String old;
    String last;
    try (Training training = Training.open(options, CLOCK)) {
      old = ended(training, training.fit(spec("ok")).id()).id();
      last = ended(training, training.fit(spec("ok")).id()).id();
    }
    TrainingOptions day = options.withRetention(new Retention(Integer.MAX_VALUE, 1));
    try (Training training = Training.open(day, Clock.offset(CLOCK, Duration.ofDays(1)))) {
      assertEquals(2, training.jobs().size());
    }
    try (Training training =
        Training.open(day, Clock.offset(CLOCK, Duration.ofDays(1).plusMillis(1)))) {
      assertEquals(List.of(last), training.jobs().stream().map(Job::id).toList());
      assertFalse(isOnDisk(old));
      assertEquals("job-00000003", training.fit(spec("ok")).id());
    }
    assertThrows(IllegalArgumentException.class, () -> new Retention(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Retention(1, 0));
  }

  @Test
  void basesAndDataMayLieInOneFolder() throws Exception {
    TrainingOptions together =
        TrainingOptions.of(temp, temp, temp.resolve("jobs"), FakeGraft.command());
    try (Training training = Training.open(together, CLOCK)) {
      assertEquals(List.of("bases", "data", "jobs"), training.bases());
      assertEquals(training.bases(), training.data());
    }
  }

  @Test
  void twoServersDoNotShareJobs() throws Exception {
    try (Training training = Training.open(options, CLOCK)) {
      IOException e = assertThrows(IOException.class, () -> Training.open(options, CLOCK));
      assertTrue(e.getMessage().contains("another server"), e::getMessage);
      assertTrue(training.jobs().isEmpty());
    }
  }

  @Test
  void aPlanIsAskedForAndNobodyHasToWait() throws Exception {
    try (Training training = Training.open(options, CLOCK)) {
      assertEquals("ok, validation share 0.2", training.plan(spec("ok"), () -> false));
      Refusal refused =
          assertThrows(Refusal.class, () -> training.plan(spec("other"), () -> false));
      assertEquals("no method 'other' for base", refused.getMessage());
      Refusal left = assertThrows(Refusal.class, () -> training.plan(spec("slow"), () -> true));
      assertEquals(GrpcStatus.UNAVAILABLE, left.status());
      assertTrue(training.jobs().isEmpty());
    }
  }
}
