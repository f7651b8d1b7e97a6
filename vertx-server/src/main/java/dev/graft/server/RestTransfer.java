package dev.graft.server;

import com.google.protobuf.Message;
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
import dev.graft.server.protocol.transfer.WatchRequest;
import dev.graft.server.protocol.transfer.WatchResponse;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Training over HTTP: {@code POST /graft/v1/CALL} with the message of the call as JSON is answered
 * by its response as JSON. {@code Watch} answers with a line of JSON for each event.
 */
final class RestTransfer {

  private static final String ROOT = "/graft/v1/";
  private static final String LINES = "application/x-ndjson";

  private final TransferApi api;
  private final JobWatch jobs;
  private final RestCalls calls;

  RestTransfer(TransferApi api, JobWatch jobs, RestCalls calls) {
    this.api = api;
    this.jobs = jobs;
    this.calls = calls;
  }

  /** Adds the calls to those of a router. */
  void on(Router router) {
    Bound train = new Bound(router, Role.TRAIN);
    train.unary("ListNames", ListNamesRequest.getDefaultInstance(), api::names);
    train.unary("Fit", FitRequest.getDefaultInstance(), api::fit);
    train.unary("Cancel", CancelRequest.getDefaultInstance(), api::cancel);
    train.unary("ListJobs", ListJobsRequest.getDefaultInstance(), api::jobs);
    train.unary("GetReport", GetReportRequest.getDefaultInstance(), api::report);
    train.unary("Plan", PlanRequest.getDefaultInstance(), api::plan);
    train.unary("Rank", RankRequest.getDefaultInstance(), api::rank);
    train.unary("Audit", AuditRequest.getDefaultInstance(), api::audit);
    train.unary("Explain", ExplainRequest.getDefaultInstance(), api::explain);
    Bound manage = new Bound(router, Role.MANAGE);
    manage.unary("Promote", PromoteRequest.getDefaultInstance(), api::promote);
    manage.unary("Rollback", RollbackRequest.getDefaultInstance(), api::rollback);
    router.post(ROOT + "Watch").handler(this::watch);
  }

  /** Calls for those who have a role. */
  private final class Bound {

    private final Router router;
    private final Role role;

    Bound(Router router, Role role) {
      this.router = router;
      this.role = role;
    }

    <Q extends Message, R extends Message> void unary(
        String name, Q form, Function<Q, Future<R>> call) {
      router
          .post(ROOT + name)
          .handler(
              context ->
                  calls.answer(
                      context,
                      role,
                      in -> message(in, form, call).map(answer -> JsonForm.of(answer))));
    }

    /** The same for work that takes long and asks whether somebody still waits. */
    <Q extends Message, R extends Message> void unary(
        String name, Q form, BiFunction<Q, BooleanSupplier, Future<R>> call) {
      router
          .post(ROOT + name)
          .handler(
              context -> {
                BooleanSupplier gone = gone(context);
                calls.answer(
                    context,
                    role,
                    in ->
                        message(in, form, (Q message) -> call.apply(message, gone))
                            .map(answer -> JsonForm.of(answer)));
              });
    }
  }

  private <Q extends Message, R> Future<R> message(
      RoutingContext context, Q form, Function<Q, Future<R>> call) {
    return calls.body(context.request(), body -> call.apply(JsonForm.message(form, body)));
  }

  private static BooleanSupplier gone(RoutingContext context) {
    AtomicBoolean gone = new AtomicBoolean();
    // The handler of its end counts the call, see Traffic, and stays as it is.
    context.response().exceptionHandler(failure -> gone.set(true));
    return gone::get;
  }

  private void watch(RoutingContext context) {
    BooleanSupplier gone = gone(context);
    JobWatch.Listener listener =
        new JobWatch.Listener() {
          @Override
          public boolean gone() {
            return gone.getAsBoolean();
          }

          @Override
          public Future<Void> tell(WatchResponse event) {
            HttpServerResponse response = context.response();
            if (!response.headWritten()) {
              response.setChunked(true).putHeader("content-type", LINES);
            }
            return response.write(JsonForm.of(event).encode() + "\n");
          }

          @Override
          public void end() {
            context.response().end();
          }

          @Override
          public void fail(Throwable failure) {
            if (context.response().headWritten()) {
              // The only way to say so after the beginning: an end that is none.
              context.request().connection().close();
            } else {
              calls.fail(context, failure);
            }
          }
        };
    calls
        .allowed(context, Role.TRAIN)
        .compose(
            in ->
                message(
                    context,
                    WatchRequest.getDefaultInstance(),
                    asked -> {
                      jobs.watch(asked, listener);
                      return Future.succeededFuture();
                    }))
        .onFailure(failure -> calls.fail(context, failure));
  }
}
