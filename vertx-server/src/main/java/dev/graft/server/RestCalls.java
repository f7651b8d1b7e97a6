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
  private final HeldBytes held;

  /**
   * With bounds on bodies.
   *
   * @param maxMessage most bytes that one may have
   * @param held those of all requests that are not answered yet
   */
  RestCalls(Access access, Failures failures, int maxMessage, HeldBytes held) {
    this.access = access;
    this.failures = failures;
    this.maxMessage = maxMessage;
    this.held = held;
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
                pages.check(context.request(), Page.has(context.normalizedPath()));
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

  /**
   * Answers a body, which is held until then, whatever type it says it is of: clients that leave
   * the type to curl say a form.
   */
  <T> Future<T> body(HttpServerRequest request, Function<Buffer, Future<T>> call) {
    Promise<Buffer> read = Promise.promise();
    Buffer all = Buffer.buffer();
    request.handler(
        part -> {
          if (!read.future().isComplete()) {
            try {
              append(part, all);
            } catch (Refusal e) {
              request.response().putHeader("connection", "close");
              read.fail(e);
            }
          }
        });
    request.exceptionHandler(read::tryFail);
    request.endHandler(end -> read.tryComplete(all));
    return read.future().compose(call).onComplete(done -> held.giveBack(all.length()));
  }

  private void append(Buffer part, Buffer all) {
    if (part.length() > maxMessage - all.length()) {
      throw Refusal.tooLarge(maxMessage);
    }
    held.take(part.length());
    var unused = all.appendBuffer(part);
  }
}
