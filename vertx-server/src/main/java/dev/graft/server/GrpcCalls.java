package dev.graft.server;

import com.google.protobuf.Message;
import dev.graft.server.access.Access;
import dev.graft.server.access.Failures;
import dev.graft.server.access.Refusal;
import dev.graft.server.access.Role;
import dev.graft.server.operations.Traffic;
import io.vertx.core.Future;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.StatusException;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/** How calls over gRPC are let in and answered, whatever they do. */
final class GrpcCalls {

  private static final String AUTHORIZATION = "authorization";

  private final Access access;
  private final Failures failures;
  private final GrpcMessages messages;

  GrpcCalls(Access access, Failures failures, GrpcMessages messages) {
    this.access = access;
    this.failures = failures;
    this.messages = messages;
  }

  /** How messages are read. */
  GrpcMessages messages() {
    return messages;
  }

  /** The calls of a service, to be bound one after the other. */
  Bound on(GrpcServer server, ServiceName service) {
    return new Bound(server, service);
  }

  /** Lets a call in, or one more message of it; fails with a {@link Refusal} where it may not. */
  Future<Void> admit(GrpcServerRequest<?, ?> request, Role role) {
    return access.admit(request.headers().get(AUTHORIZATION), role);
  }

  /** What a client is told about a failure. */
  Refusal refusal(GrpcServerRequest<?, ?> request, Throwable failure) {
    return failures.refusal(failure, request.headers().get(Traffic.REQUEST_ID));
  }

  /** Ends a call with what the client is told about a failure. */
  void fail(GrpcServerRequest<?, ?> request, Throwable failure) {
    Refusal refusal = refusal(request, failure);
    request.response().fail(new StatusException(refusal.status(), refusal.getMessage()));
  }

  /** Who waits for a call, until it is cancelled or its deadline has passed. */
  static Caller caller(GrpcServerRequest<?, ?> request) {
    long millis = request.timeout();
    Caller caller =
        new Caller(
            millis == 0
                ? OptionalLong.empty()
                : OptionalLong.of(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis)));
    request.errorHandler(error -> caller.leave());
    request.response().exceptionHandler(failure -> caller.leave());
    if (request.deadline() != null) {
      request.deadline().onSuccess(passed -> caller.leave());
    }
    return caller;
  }

  private static void unlessGone(Caller caller, Runnable answer) {
    if (!caller.isGone()) {
      answer.run();
    }
  }

  /** The calls of one service. */
  final class Bound {

    private final GrpcServer server;
    private final ServiceName service;

    private Bound(GrpcServer server, ServiceName service) {
      this.server = server;
      this.service = service;
    }

    /** A call that everybody may make. */
    <Q extends Message, R extends Message> void open(
        String name, Q form, Function<Q, Future<R>> call) {
      this.<Q, R>handle(name, form, request -> answer(request, form, call));
    }

    /** A call of one message that is answered by one. */
    <Q extends Message, R extends Message> void unary(
        String name, Role role, Q form, Function<Q, Future<R>> call) {
      this.<Q, R>stream(name, role, form, request -> answer(request, form, call));
    }

    /** The same for work that takes long and wants to know whether somebody still waits. */
    <Q extends Message, R extends Message> void unary(
        String name, Role role, Q form, BiFunction<Q, Caller, Future<R>> call) {
      this.<Q, R>stream(
          name,
          role,
          form,
          request -> {
            Caller caller = caller(request);
            // What is answered to nobody is an error to Vert.x.
            messages
                .only(request, form, message -> call.apply(message, caller))
                .onSuccess(answer -> unlessGone(caller, () -> request.response().end(answer)))
                .onFailure(failure -> unlessGone(caller, () -> fail(request, failure)));
          });
    }

    /** A call that is dealt with as it comes, once it is let in. */
    <Q extends Message, R extends Message> void stream(
        String name, Role role, Q form, Consumer<GrpcServerRequest<Q, R>> call) {
      this.<Q, R>handle(
          name,
          form,
          request ->
              admit(request, role)
                  .onSuccess(in -> call.accept(request))
                  .onFailure(failure -> fail(request, failure)));
    }

    private <Q extends Message, R extends Message> void handle(
        String name, Q form, Consumer<GrpcServerRequest<Q, R>> call) {
      ServiceMethod<Q, R> method =
          ServiceMethod.server(
              service, name, GrpcMessageEncoder.encoder(), GrpcMessageDecoder.decoder(form));
      var unused = server.callHandler(method, call::accept);
    }

    private <Q extends Message, R extends Message> void answer(
        GrpcServerRequest<Q, R> request, Q form, Function<Q, Future<R>> call) {
      messages
          .only(request, form, call)
          .onSuccess(answer -> request.response().end(answer))
          .onFailure(failure -> fail(request, failure));
    }
  }
}
