package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import dev.graft.server.jobs.FakeGraft;
import dev.graft.server.jobs.TrainingOptions;
import dev.graft.server.protocol.transfer.AuditRequest;
import dev.graft.server.protocol.transfer.AuditResponse;
import dev.graft.server.protocol.transfer.CancelRequest;
import dev.graft.server.protocol.transfer.ExplainRequest;
import dev.graft.server.protocol.transfer.ExplainResponse;
import dev.graft.server.protocol.transfer.FitRequest;
import dev.graft.server.protocol.transfer.GetReportRequest;
import dev.graft.server.protocol.transfer.Job;
import dev.graft.server.protocol.transfer.ListJobsRequest;
import dev.graft.server.protocol.transfer.ListJobsResponse;
import dev.graft.server.protocol.transfer.PlanRequest;
import dev.graft.server.protocol.transfer.PlanResponse;
import dev.graft.server.protocol.transfer.RankRequest;
import dev.graft.server.protocol.transfer.RankResponse;
import dev.graft.server.protocol.transfer.RankedBase;
import dev.graft.server.protocol.transfer.Report;
import dev.graft.server.protocol.transfer.Transfer;
import dev.graft.server.protocol.transfer.WatchRequest;
import dev.graft.server.protocol.transfer.WatchResponse;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.StatusException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The service that trains, on processes that only look as if they did. */
@Timeout(300)
class GrpcTransferTest {

  /** As many as the server makes at a time. */
  private static final int PLANS = 4;

  private static final Job JOB = Job.getDefaultInstance();

  @TempDir static Path temp;
  private static Fixture fixture;

  @BeforeAll
  static void start() throws Exception {
    Files.createDirectories(temp.resolve("models"));
    for (String base : List.of("base", "broken")) {
      Files.createDirectories(temp.resolve("bases").resolve(base));
    }
    Path data = temp.resolve("data").resolve("set");
    Fixture.bundle(data.resolve("base"), 1);
    TrainingOptions training =
        TrainingOptions.of(
            temp.resolve("bases"), temp.resolve("data"), temp.resolve("jobs"), FakeGraft.command());
    fixture = new Fixture(ServerOptions.of(temp.resolve("models")).withTraining(training));
  }

  @AfterAll
  static void stop() throws Exception {
    fixture.close();
  }

  private static Transfer.Builder transfer(String methods) {
    return Transfer.newBuilder().setBase("base").setData("set").setMethods(methods);
  }

  private static Job fit(String methods) throws Exception {
    return fixture.transfer(
        "Fit", FitRequest.newBuilder().setTransfer(transfer(methods)).build(), JOB);
  }

  private static List<WatchResponse> watch(Job job, long from) throws Exception {
    return fixture.watch(WatchRequest.newBuilder().setJob(job.getId()).setFrom(from).build());
  }

  private static void refused(GrpcStatus status, String method, Message request, Message form) {
    assertEquals(status, fixture.refusedTransfer(method, request, form, null).status(), method);
  }

  @Test
  void whoeverWatchesLateHearsAllFromTheBeginning() throws Exception {
    Job job = fit("ok");
    List<WatchResponse> heard = watch(job, 0);
    assertEquals(List.of(0L, 1L, 2L), heard.stream().map(WatchResponse::getNumber).toList());
    assertEquals("1", heard.get(0).getRunStarted().getConfigurationOrThrow("threads"));
    assertTrue(heard.get(1).getRunEnded().getCompleted());
    assertEquals(Job.State.SUCCEEDED, heard.get(2).getEnded().getState());
    assertEquals(heard, watch(job, 0));
    assertEquals(heard.subList(1, 3), watch(job, 1));
  }

  @Test
  void watchingAJobThatIsCancelledEnds() throws Exception {
    Job job = fit("slow");
    Job cancelled =
        fixture.transfer("Cancel", CancelRequest.newBuilder().setJob(job.getId()).build(), JOB);
    assertEquals(job.getTransfer(), cancelled.getTransfer());
    List<WatchResponse> heard = watch(job, 0);
    assertEquals(Job.State.CANCELLED, heard.get(heard.size() - 1).getEnded().getState());
    ListJobsResponse jobs =
        fixture.transfer(
            "ListJobs",
            ListJobsRequest.getDefaultInstance(),
            ListJobsResponse.getDefaultInstance());
    assertTrue(jobs.getJobsList().stream().anyMatch(each -> each.getId().equals(job.getId())));
  }

  @Test
  void aReportIsThatOfTheBundle() throws Exception {
    Job job = fit("ok");
    var unused = watch(job, 0);
    Report report =
        fixture.transfer(
            "GetReport",
            GetReportRequest.newBuilder().setJob(job.getId()).build(),
            Report.getDefaultInstance());
    assertEquals("<!doctype html><title>tiny</title>", report.getHtml());
    assertEquals(0.5, report.getValidationOrThrow("accuracy"));
  }

  @Test
  void aJobWithoutABundleHasNoReport() throws Exception {
    Job job = fit("no-such-method");
    List<WatchResponse> heard = watch(job, 0);
    assertEquals(1, heard.size());
    assertEquals(Job.State.FAILED, heard.get(0).getEnded().getState());
    assertEquals("no method 'no-such-method' for base", heard.get(0).getEnded().getMessage());
    refused(
        GrpcStatus.FAILED_PRECONDITION,
        "GetReport",
        GetReportRequest.newBuilder().setJob(job.getId()).build(),
        Report.getDefaultInstance());
  }

  @Test
  void aPlanIsWhatTheCommandPrints() throws Exception {
    PlanRequest request = PlanRequest.newBuilder().setTransfer(transfer("ok")).build();
    PlanResponse plan = fixture.transfer("Plan", request, PlanResponse.getDefaultInstance());
    assertEquals("ok, validation share 0.2", plan.getPlan());
    PlanRequest all =
        PlanRequest.newBuilder().setTransfer(transfer("ok").setValidationShare(0)).build();
    assertEquals(
        "ok, validation share 0.0",
        fixture.transfer("Plan", all, PlanResponse.getDefaultInstance()).getPlan());
    refused(
        GrpcStatus.INVALID_ARGUMENT,
        "Plan",
        PlanRequest.newBuilder().setTransfer(transfer("other")).build(),
        PlanResponse.getDefaultInstance());
  }

  /** Plans end when they are cancelled, and not before. */
  @Test
  void whileAsManyPlansAreMadeAsMayBeJobsAreListedWatchedAndCancelled() throws Exception {
    PlanRequest slow = PlanRequest.newBuilder().setTransfer(transfer("slow")).build();
    PlanResponse form = PlanResponse.getDefaultInstance();
    List<GrpcClientRequest<PlanRequest, PlanResponse>> plans = new ArrayList<>();
    for (int i = 0; i < PLANS; i++) {
      GrpcClientRequest<PlanRequest, PlanResponse> plan =
          Fixture.await(fixture.open(Fixture.TRANSFER, "Plan", form));
      var unused = plan.send(slow);
      plans.add(plan);
    }
    untilPlans(PLANS);
    PlanRequest quick = PlanRequest.newBuilder().setTransfer(transfer("ok")).build();
    StatusException full = fixture.refusedTransfer("Plan", quick, form, null);
    assertEquals(GrpcStatus.RESOURCE_EXHAUSTED, full.status());
    assertTrue(full.message().contains("of at most " + PLANS), full::message);

    Job job = fit("slow");
    ListJobsResponse jobs =
        fixture.transfer(
            "ListJobs",
            ListJobsRequest.getDefaultInstance(),
            ListJobsResponse.getDefaultInstance());
    assertTrue(jobs.getJobsList().stream().anyMatch(each -> each.getId().equals(job.getId())));
    var cancelled =
        fixture.transfer("Cancel", CancelRequest.newBuilder().setJob(job.getId()).build(), JOB);
    List<WatchResponse> heard = watch(cancelled, 0);
    assertEquals(Job.State.CANCELLED, heard.get(heard.size() - 1).getEnded().getState());

    plans.forEach(GrpcClientRequest::cancel);
    untilPlans(0);
  }

  /** Waits until so many plans have a folder to work in. */
  private static void untilPlans(int count) {
    Path scratch = temp.resolve("jobs").resolve(".scratch");
    int there = -1;
    while (there != count) {
      Thread.onSpinWait();
      String[] folders = scratch.toFile().list();
      there = folders == null ? 0 : folders.length;
    }
  }

  @Test
  void basesThatCannotBeTriedComeLast() throws Exception {
    RankResponse ranked =
        fixture.transfer(
            "Rank",
            RankRequest.newBuilder().setData("set").build(),
            RankResponse.getDefaultInstance());
    assertEquals(
        List.of("base", "broken"),
        ranked.getBasesList().stream().map(RankedBase::getBase).toList());
    assertEquals("accuracy", ranked.getBases(0).getMetric());
    assertEquals(0.5, ranked.getBases(0).getValue());
    assertEquals("", ranked.getBases(0).getProblem());
    assertEquals("it failed", ranked.getBases(1).getProblem());
  }

  @Test
  void whatIsNotThereIsRefused() {
    CancelRequest nobody = CancelRequest.newBuilder().setJob("job-99999999").build();
    refused(GrpcStatus.NOT_FOUND, "Cancel", nobody, JOB);
    CancelRequest path = CancelRequest.newBuilder().setJob("../job-1").build();
    refused(GrpcStatus.INVALID_ARGUMENT, "Cancel", path, JOB);
    refused(GrpcStatus.INVALID_ARGUMENT, "Fit", FitRequest.getDefaultInstance(), JOB);
    refused(
        GrpcStatus.NOT_FOUND,
        "Rank",
        RankRequest.newBuilder().setData("nothing").build(),
        RankResponse.getDefaultInstance());
    refused(
        GrpcStatus.NOT_FOUND,
        "Watch",
        WatchRequest.newBuilder().setJob("job-99999999").build(),
        WatchResponse.getDefaultInstance());
    refused(
        GrpcStatus.UNIMPLEMENTED,
        "Audit",
        AuditRequest.getDefaultInstance(),
        AuditResponse.getDefaultInstance());
    refused(
        GrpcStatus.UNIMPLEMENTED,
        "Explain",
        ExplainRequest.getDefaultInstance(),
        ExplainResponse.getDefaultInstance());
  }
}
