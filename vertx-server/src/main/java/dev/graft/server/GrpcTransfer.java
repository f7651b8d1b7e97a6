package dev.graft.server;

import com.google.protobuf.Descriptors;
import dev.graft.server.access.Refusal;
import dev.graft.server.access.Role;
import dev.graft.server.protocol.transfer.AuditRequest;
import dev.graft.server.protocol.transfer.CancelRequest;
import dev.graft.server.protocol.transfer.ExplainRequest;
import dev.graft.server.protocol.transfer.FitRequest;
import dev.graft.server.protocol.transfer.GetReportRequest;
import dev.graft.server.protocol.transfer.ListJobsRequest;
import dev.graft.server.protocol.transfer.PlanRequest;
import dev.graft.server.protocol.transfer.PromoteRequest;
import dev.graft.server.protocol.transfer.RankRequest;
import dev.graft.server.protocol.transfer.RollbackRequest;
import dev.graft.server.protocol.transfer.TransferProto;
import dev.graft.server.protocol.transfer.WatchRequest;
import dev.graft.server.protocol.transfer.WatchResponse;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.Service;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Training over gRPC: {@code graft.v1.TransferService}. */
final class GrpcTransfer implements Service {

  private static final Descriptors.ServiceDescriptor DESCRIPTOR =
      TransferProto.getDescriptor().findServiceByName("TransferService");
  private static final ServiceName NAME = ServiceName.create(DESCRIPTOR.getFullName());

  /** Milliseconds between looks at what a job has done. */
  private static final int LOOK = 200;

  private final Vertx vertx;
  private final TransferApi api;
  private final GrpcCalls calls;
  private final BooleanSupplier closing;

  /** With a question whether the server is about to end, which ends those who watch. */
  GrpcTransfer(Vertx vertx, TransferApi api, GrpcCalls calls, BooleanSupplier closing) {
    this.vertx = vertx;
    this.api = api;
    this.calls = calls;
    this.closing = closing;
  }

  @Override
  public ServiceName name() {
    return NAME;
  }

  @Override
  public Descriptors.ServiceDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public void bind(GrpcServer server) {
    GrpcCalls.Bound bound = calls.on(server, NAME);
    Role train = Role.TRAIN;
    bound.unary("Fit", train, FitRequest.getDefaultInstance(), api::fit);
    bound.stream("Watch", train, WatchRequest.getDefaultInstance(), this::watch);
    bound.unary("Cancel", train, CancelRequest.getDefaultInstance(), api::cancel);
    bound.unary("ListJobs", train, ListJobsRequest.getDefaultInstance(), api::jobs);
    bound.unary("GetReport", train, GetReportRequest.getDefaultInstance(), api::report);
    bound.unary("Plan", train, PlanRequest.getDefaultInstance(), api::plan);
    bound.unary("Rank", train, RankRequest.getDefaultInstance(), api::rank);
    Role manage = Role.MANAGE;
    bound.unary("Promote", manage, PromoteRequest.getDefaultInstance(), api::promote);
    bound.unary("Rollback", manage, RollbackRequest.getDefaultInstance(), api::rollback);
    bound.unary("Audit", train, AuditRequest.getDefaultInstance(), api::audit);
    bound.unary("Explain", train, ExplainRequest.getDefaultInstance(), api::explain);
  }

  private void watch(GrpcServerRequest<WatchRequest, WatchResponse> request) {
    BooleanSupplier gone = GrpcCalls.gone(request);
    request
        .last()
        .compose(asked -> api.watch(asked.getJob(), asked.getFrom()))
        .onSuccess(watcher -> tell(request, watcher, gone))
        .onFailure(failure -> calls.fail(request, failure));
  }

  /** Tells what there is, waits until it is sent, and looks again. */
  private void tell(
      GrpcServerRequest<WatchRequest, WatchResponse> request,
      TransferApi.Watcher watcher,
      BooleanSupplier gone) {
    if (gone.getAsBoolean()) {
      return;
    }
    if (closing.getAsBoolean()) {
      calls.fail(request, Refusal.unavailable("the server is about to end; watch again later"));
      return;
    }
    watcher
        .more()
        .compose(events -> sent(request, events).map(events.isEmpty()))
        .onSuccess(
            nothing -> {
              if (watcher.over()) {
                request.response().end();
              } else if (nothing) {
                var unused = vertx.setTimer(LOOK, id -> tell(request, watcher, gone));
              } else {
                tell(request, watcher, gone);
              }
            })
        .onFailure(failure -> calls.fail(request, failure));
  }

  private static Future<Void> sent(
      GrpcServerRequest<WatchRequest, WatchResponse> request, List<WatchResponse> events) {
    Future<Void> sent = Future.succeededFuture();
    for (WatchResponse event : events) {
      sent = sent.compose(ok -> request.response().write(event));
    }
    return sent;
  }
}
