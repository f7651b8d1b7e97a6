package dev.graft.server;

import dev.graft.server.access.Refusal;
import dev.graft.server.access.SameOrigin;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;
import io.vertx.grpc.common.GrpcStatus;

/**
 * A call over gRPC that ends whatever its frames are. Vert.x 5.0.7 throws on a frame whose head is
 * none, and leaves the call open; here such a call is refused.
 */
final class GuardedCall extends HttpServerRequestWrapper {

  private boolean broken;

  GuardedCall(HttpServerRequest request) {
    super((HttpServerRequestInternal) request);
  }

  @Override
  public HttpServerRequest handler(Handler<Buffer> handler) {
    return super.handler(handler == null ? null : part -> guard(() -> handler.handle(part)));
  }

  @Override
  public HttpServerRequest endHandler(Handler<Void> handler) {
    return super.endHandler(handler == null ? null : end -> guard(() -> handler.handle(null)));
  }

  private void guard(Runnable reading) {
    if (broken) {
      return;
    }
    try {
      reading.run();
    } catch (UnsupportedOperationException e) { // what its reader of frames throws
      broken = true;
      refuse(this, GrpcStatus.INVALID_ARGUMENT, "a frame is not as gRPC has it");
    }
  }

  /**
   * True if no web page of others makes a call; otherwise it is refused here. Browsers say where a
   * page is from with every call over gRPC-Web; clients that do not say it are none.
   */
  static boolean isOfOurOrigin(HttpServerRequest request, SameOrigin pages) {
    if (request.getHeader("origin") == null) {
      return true;
    }
    try {
      pages.check(request, /* linked= */ false);
      return true;
    } catch (Refusal e) {
      request.response().setStatusCode(e.httpStatus());
      refuse(request, e.status(), e.getMessage());
      return false;
    }
  }

  /** Ends a call before anything of it is answered. */
  static void refuse(HttpServerRequest request, GrpcStatus status, String message) {
    HttpServerResponse response = request.response();
    if (response.headWritten()) {
      var unused = response.reset();
      return;
    }
    var unused =
        response
            .putHeader("content-type", request.getHeader("content-type"))
            .putHeader("grpc-status", Integer.toString(status.code))
            .putHeader("grpc-message", message)
            .end();
  }
}
