package dev.graft.server;

import dev.graft.server.access.Access;
import dev.graft.server.access.Failures;
import dev.graft.server.access.Refusal;
import dev.graft.server.access.Role;
import dev.graft.server.access.SameOrigin;
import dev.graft.server.operations.Traffic;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** How calls over HTTP are let in and answered, whatever they do. */
final class RestCalls {

  private final Access access;
  private final Failures failures;
  private final int maxMessage;

  /** With the most bytes that a body may have. */
  RestCalls(Access access, Failures failures, int maxMessage) {
    this.access = access;
    this.failures = failures;
    this.maxMessage = maxMessage;
  }

  /** Answers with what a call gives, as JSON, if the caller may make it. */
  void answer(RoutingContext context, Role role, Function<RoutingContext, Future<Object>> call) {
    answer(
        context,
        role,
        call,
        (in, json) -> {
          var unused = in.json(json);
        });
  }

  /** The same with an answer in another form. */
  <T> void answer(
      RoutingContext context,
      Role role,
      Function<RoutingContext, Future<T>> call,
      BiConsumer<RoutingContext, T> write) {
    allowed(context, role)
        .compose(ok -> call.apply(context))
        .onSuccess(answer -> write.accept(context, answer))
        .onFailure(failure -> fail(context, failure));
  }

  /** Refuses what web pages of others ask of a router, before anything else sees it. */
  void guard(Router router, SameOrigin pages) {
    router
        .route()
        .order(-1)
        .handler(
            context -> {
              try {
                pages.check(context.request());
                context.next();
              } catch (Refusal e) {
                fail(context, e);
              }
            });
  }

  Future<Void> allowed(RoutingContext context, Role role) {
    return access.admit(context.request().getHeader("authorization"), role);
  }

  /** Ends a call with what the client is told about a failure. */
  void fail(RoutingContext context, Throwable failure) {
    Refusal refusal = failures.refusal(failure, context.request().getHeader(Traffic.REQUEST_ID));
    tell(context, refusal.httpStatus(), refusal.getMessage());
  }

  static void tell(RoutingContext context, int status, String message) {
    context.response().setStatusCode(status);
    var unused = context.json(new JsonObject().put("error", message));
  }

  /** The body whatever type it says it is of: clients that leave the type to curl say a form. */
  Future<Buffer> body(HttpServerRequest request) {
    Promise<Buffer> read = Promise.promise();
    Buffer all = Buffer.buffer();
    request.handler(
        part -> {
          if (all.length() + part.length() <= maxMessage) {
            var unused = all.appendBuffer(part);
          } else if (!read.future().isComplete()) {
            request.response().putHeader("connection", "close");
            read.fail(Refusal.tooLarge(maxMessage));
          }
        });
    request.exceptionHandler(read::tryFail);
    request.endHandler(end -> read.tryComplete(all));
    return read.future();
  }
}
