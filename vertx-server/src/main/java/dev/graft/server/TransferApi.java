package dev.graft.server;

import dev.graft.bundle.Bundle;
import dev.graft.server.access.Refusal;
import dev.graft.server.jobs.EventTail;
import dev.graft.server.jobs.Job;
import dev.graft.server.jobs.Training;
import dev.graft.server.protocol.transfer.AuditRequest;
import dev.graft.server.protocol.transfer.AuditResponse;
import dev.graft.server.protocol.transfer.CancelRequest;
import dev.graft.server.protocol.transfer.ExplainRequest;
import dev.graft.server.protocol.transfer.ExplainResponse;
import dev.graft.server.protocol.transfer.FitRequest;
import dev.graft.server.protocol.transfer.GetReportRequest;
import dev.graft.server.protocol.transfer.ListJobsRequest;
import dev.graft.server.protocol.transfer.ListJobsResponse;
import dev.graft.server.protocol.transfer.ListNamesRequest;
import dev.graft.server.protocol.transfer.ListNamesResponse;
import dev.graft.server.protocol.transfer.PlanRequest;
import dev.graft.server.protocol.transfer.PlanResponse;
import dev.graft.server.protocol.transfer.PromoteRequest;
import dev.graft.server.protocol.transfer.Promotion;
import dev.graft.server.protocol.transfer.RankRequest;
import dev.graft.server.protocol.transfer.RankResponse;
import dev.graft.server.protocol.transfer.Report;
import dev.graft.server.protocol.transfer.RollbackRequest;
import dev.graft.server.protocol.transfer.WatchResponse;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

/**
 * The calls of {@code graft.v1.TransferService}. Each fails with a {@link Refusal} that is for the
 * client, or with something that is not.
 */
final class TransferApi {

  private final WorkerExecutor workers;
  private final Training training;
  private final Promotions promotions;

  /** Calls that block run on {@code workers}, which may be kept for minutes. */
  TransferApi(WorkerExecutor workers, Training training, Promotions promotions) {
    this.workers = workers;
    this.training = training;
    this.promotions = promotions;
  }

  private <T> Future<T> blocking(Callable<T> work) {
    return workers.executeBlocking(work, /* ordered= */ false);
  }

  /**
   * One after the other, in order: a version may load for long, and promotions wait for each other
   * anyway, so that all of them keep one thread from what else is asked.
   */
  private Future<Promotion> promoting(Callable<dev.graft.server.registry.Promotion> work) {
    return workers.executeBlocking(() -> TransferForm.promotion(work.call()), /* ordered= */ true);
  }

  Future<ListNamesResponse> names(ListNamesRequest request) {
    return blocking(
        () ->
            ListNamesResponse.newBuilder()
                .addAllBases(training.bases())
                .addAllData(training.data())
                .build());
  }

  Future<dev.graft.server.protocol.transfer.Job> fit(FitRequest request) {
    return blocking(
        () ->
            TransferForm.job(
                training.fit(
                    TransferForm.spec(request.getTransfer(), request.getSnapshotUpdates()))));
  }

  Future<dev.graft.server.protocol.transfer.Job> cancel(CancelRequest request) {
    return blocking(() -> TransferForm.job(training.cancel(request.getJob())));
  }

  Future<ListJobsResponse> jobs(ListJobsRequest request) {
    return blocking(
        () ->
            ListJobsResponse.newBuilder()
                .addAllJobs(training.jobs().stream().map(TransferForm::job).toList())
                .build());
  }

  Future<Report> report(GetReportRequest request) {
    return blocking(
        () -> {
          Bundle bundle = training.bundle(request.getJob());
          Map<String, Map<String, Double>> metrics = bundle.manifest().metrics();
          return Report.newBuilder()
              .setHtml(bundle.report())
              .putAllValidation(metrics.getOrDefault("validation", Map.of()))
              .putAllTest(metrics.getOrDefault("test", Map.of()))
              .build();
        });
  }

  Future<PlanResponse> plan(PlanRequest request, BooleanSupplier gone) {
    return blocking(
        () ->
            PlanResponse.newBuilder()
                .setPlan(training.plan(TransferForm.spec(request.getTransfer(), 0), gone))
                .build());
  }

  Future<RankResponse> rank(RankRequest request, BooleanSupplier gone) {
    return blocking(
        () ->
            RankResponse.newBuilder()
                .addAllBases(
                    training.rank(request.getBasesList(), TransferForm.spec(request), gone).stream()
                        .map(TransferForm::ranked)
                        .toList())
                .build());
  }

  Future<Promotion> promote(PromoteRequest request) {
    return switch (request.getSourceCase()) {
      case JOB ->
          promoting(
              () -> promotions.promote(request.getModel(), training.bundle(request.getJob())));
      case VERSION -> promoting(() -> promotions.promote(request.getModel(), request.getVersion()));
      case SOURCE_NOT_SET ->
          Future.failedFuture(Refusal.invalid("say which job or which version is to answer"));
    };
  }

  Future<Promotion> rollback(RollbackRequest request) {
    return promoting(() -> promotions.rollback(request.getModel()));
  }

  Future<AuditResponse> audit(AuditRequest request) {
    return Future.failedFuture(
        Refusal.unimplemented("there are no audits yet; GetReport has the figures of a job"));
  }

  Future<ExplainResponse> explain(ExplainRequest request) {
    return Future.failedFuture(
        Refusal.unimplemented("there are no explanations yet; ModelInfer has the probabilities"));
  }

  // ---- watching ----

  /** Somebody who watches a job. */
  final class Watcher {

    private final String job;
    private final long from;
    private final EventTail events;
    private long next;
    private boolean over;

    private Watcher(String job, long from) {
      this.job = job;
      this.from = from;
      this.events = training.events(job);
    }

    /** What there is to tell now, perhaps nothing; afterwards it may be {@link #over()}. */
    Future<List<WatchResponse>> more() {
      return blocking(this::read);
    }

    private List<WatchResponse> read() throws IOException {
      // Asked first: what a job that has ended wrote is all there.
      Job now = training.job(job);
      List<WatchResponse> responses = new ArrayList<>();
      List<EventTail.Numbered> read = events.next();
      for (EventTail.Numbered event : read) {
        next = event.number() + 1;
        if (event.number() >= from) {
          responses.add(TransferForm.event(event));
        }
      }
      if (read.isEmpty() && now.state().isFinal()) {
        over = true;
        responses.add(
            WatchResponse.newBuilder().setNumber(next).setEnded(TransferForm.job(now)).build());
      }
      return responses;
    }

    /** True once the end of the job has been told. */
    boolean over() {
      return over;
    }
  }

  /**
   * Watches a job.
   *
   * @param from number of the first event that is told
   */
  Future<Watcher> watch(String job, long from) {
    return blocking(() -> new Watcher(job, from));
  }
}
