package dev.graft.server;

import com.google.protobuf.Descriptors;
import dev.graft.server.access.Role;
import dev.graft.server.protocol.transfer.AuditRequest;
import dev.graft.server.protocol.transfer.CancelRequest;
import dev.graft.server.protocol.transfer.ExplainRequest;
import dev.graft.server.protocol.transfer.FitRequest;
import dev.graft.server.protocol.transfer.GetReportRequest;
import dev.graft.server.protocol.transfer.ListJobsRequest;
import dev.graft.server.protocol.transfer.ListNamesRequest;
import dev.graft.server.protocol.transfer.PlanRequest;
import dev.graft.server.protocol.transfer.PromoteRequest;
import dev.graft.server.protocol.transfer.RankRequest;
import dev.graft.server.protocol.transfer.RollbackRequest;
import dev.graft.server.protocol.transfer.TransferProto;
import dev.graft.server.protocol.transfer.WatchRequest;
import dev.graft.server.protocol.transfer.WatchResponse;
import io.vertx.core.Future;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.Service;
import java.util.function.BooleanSupplier;

/** Training over gRPC: {@code graft.v1.TransferService}. */
final class GrpcTransfer implements Service {

  private static final Descriptors.ServiceDescriptor DESCRIPTOR =
      TransferProto.getDescriptor().findServiceByName("TransferService");
  private static final ServiceName NAME = ServiceName.create(DESCRIPTOR.getFullName());

  private final TransferApi api;
  private final JobWatch jobs;
  private final GrpcCalls calls;

  GrpcTransfer(TransferApi api, JobWatch jobs, GrpcCalls calls) {
    this.api = api;
    this.jobs = jobs;
    this.calls = calls;
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
    bound.unary("ListNames", train, ListNamesRequest.getDefaultInstance(), api::names);
    bound.unary("Fit", train, FitRequest.getDefaultInstance(), api::fit);
    bound.stream("Watch", train, WatchRequest.getDefaultInstance(), this::watch);
    bound.unary("Cancel", train, CancelRequest.getDefaultInstance(), api::cancel);
    bound.unary("ListJobs", train, ListJobsRequest.getDefaultInstance(), api::jobs);
    bound.unary("GetReport", train, GetReportRequest.getDefaultInstance(), api::report);
    bound.unary(
        "Plan",
        train,
        PlanRequest.getDefaultInstance(),
        (message, caller) -> api.plan(message, caller::isGone));
    bound.unary(
        "Rank",
        train,
        RankRequest.getDefaultInstance(),
        (message, caller) -> api.rank(message, caller::isGone));
    Role manage = Role.MANAGE;
    bound.unary("Promote", manage, PromoteRequest.getDefaultInstance(), api::promote);
    bound.unary("Rollback", manage, RollbackRequest.getDefaultInstance(), api::rollback);
    bound.unary("Audit", train, AuditRequest.getDefaultInstance(), api::audit);
    bound.unary("Explain", train, ExplainRequest.getDefaultInstance(), api::explain);
  }

  private void watch(GrpcServerRequest<WatchRequest, WatchResponse> request) {
    BooleanSupplier gone = GrpcCalls.caller(request)::isGone;
    JobWatch.Listener listener =
        new JobWatch.Listener() {
          @Override
          public boolean gone() {
            return gone.getAsBoolean();
          }

          @Override
          public Future<Void> tell(WatchResponse event) {
            return request.response().write(event);
          }

          @Override
          public void end() {
            request.response().end();
          }

          @Override
          public void fail(Throwable failure) {
            calls.fail(request, failure);
          }
        };
    calls
        .messages()
        .only(
            request,
            WatchRequest.getDefaultInstance(),
            asked -> {
              jobs.watch(asked, listener);
              return Future.succeededFuture();
            })
        .onFailure(failure -> calls.fail(request, failure));
  }
}
