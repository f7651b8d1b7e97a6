package dev.graft.server;

import com.google.protobuf.Descriptors;
import com.google.protobuf.Message;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelInferResponse;
import dev.graft.server.protocol.ModelMetadataRequest;
import dev.graft.server.protocol.ModelReadyRequest;
import dev.graft.server.protocol.ModelStatisticsRequest;
import dev.graft.server.protocol.ModelStreamInferResponse;
import dev.graft.server.protocol.RepositoryIndexRequest;
import dev.graft.server.protocol.RepositoryModelLoadRequest;
import dev.graft.server.protocol.RepositoryModelUnloadRequest;
import dev.graft.server.protocol.ServerLiveRequest;
import dev.graft.server.protocol.ServerMetadataRequest;
import dev.graft.server.protocol.ServerReadyRequest;
import io.vertx.core.Future;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.Service;
import io.vertx.grpc.server.StatusException;
import java.util.function.Function;

/** The protocol over gRPC: {@code inference.GRPCInferenceService}. */
final class GrpcApi implements Service {

  private static final Descriptors.ServiceDescriptor DESCRIPTOR =
      dev.graft.server.protocol.Inference.getDescriptor().findServiceByName("GRPCInferenceService");
  private static final ServiceName NAME = ServiceName.create(DESCRIPTOR.getFullName());
  private static final String AUTHORIZATION = "authorization";

  private final Api api;
  private final Access access;
  private final Failures failures;

  GrpcApi(Api api, Access access, Failures failures) {
    this.api = api;
    this.access = access;
    this.failures = failures;
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
    Role infer = Role.INFER;
    Role manage = Role.MANAGE;
    unary(server, "ServerLive", infer, ServerLiveRequest.getDefaultInstance(), api::live);
    unary(server, "ServerReady", infer, ServerReadyRequest.getDefaultInstance(), api::ready);
    unary(server, "ModelReady", infer, ModelReadyRequest.getDefaultInstance(), api::modelReady);
    unary(
        server,
        "ServerMetadata",
        infer,
        ServerMetadataRequest.getDefaultInstance(),
        api::serverMetadata);
    unary(
        server,
        "ModelMetadata",
        infer,
        ModelMetadataRequest.getDefaultInstance(),
        api::modelMetadata);
    unary(server, "ModelInfer", infer, ModelInferRequest.getDefaultInstance(), api::infer);
    unary(
        server,
        "ModelStatistics",
        infer,
        ModelStatisticsRequest.getDefaultInstance(),
        api::statistics);
    unary(
        server, "RepositoryIndex", infer, RepositoryIndexRequest.getDefaultInstance(), api::index);
    unary(
        server,
        "RepositoryModelLoad",
        manage,
        RepositoryModelLoadRequest.getDefaultInstance(),
        api::load);
    unary(
        server,
        "RepositoryModelUnload",
        manage,
        RepositoryModelUnloadRequest.getDefaultInstance(),
        api::unload);
    stream(server);
  }

  private static <Q extends Message, R extends Message> ServiceMethod<Q, R> method(
      String name, Q form) {
    return ServiceMethod.server(
        NAME, name, GrpcMessageEncoder.encoder(), GrpcMessageDecoder.decoder(form));
  }

  private <Q extends Message, R extends Message> void unary(
      GrpcServer server, String name, Role role, Q form, Function<Q, Future<R>> call) {
    ServiceMethod<Q, R> method = method(name, form);
    server.callHandler(
        method,
        request ->
            request
                .last()
                .compose(message -> allowed(request, role).compose(ok -> call.apply(message)))
                .onSuccess(answer -> request.response().end(answer))
                .onFailure(failure -> request.response().fail(status(failure))));
  }

  private Future<Void> allowed(GrpcServerRequest<?, ?> request, Role role) {
    access.check(request.headers().get(AUTHORIZATION), role);
    return Future.succeededFuture();
  }

  /** Each message is answered by one; a message that is refused does not end the stream. */
  private void stream(GrpcServer server) {
    ServiceMethod<ModelInferRequest, ModelStreamInferResponse> method =
        method("ModelStreamInfer", ModelInferRequest.getDefaultInstance());
    server.callHandler(method, this::stream);
  }

  private void stream(GrpcServerRequest<ModelInferRequest, ModelStreamInferResponse> request) {
    try {
      access.check(request.headers().get(AUTHORIZATION), Role.INFER);
    } catch (Refusal e) {
      request.response().fail(status(e));
      return;
    }
    // One at a time, so that answers come in the order of the requests.
    request.handler(
        message -> {
          request.pause();
          Future.<ModelInferResponse>future(
                  promise -> api.infer(message).onComplete(promise::handle))
              .map(answer -> ModelStreamInferResponse.newBuilder().setInferResponse(answer).build())
              .otherwise(
                  failure ->
                      ModelStreamInferResponse.newBuilder()
                          .setErrorMessage(failures.refusal(failure).getMessage())
                          .build())
              .compose(answer -> request.response().write(answer))
              .onComplete(done -> request.resume());
        });
    request.endHandler(end -> request.response().end());
  }

  private StatusException status(Throwable failure) {
    Refusal refusal = failures.refusal(failure);
    return new StatusException(refusal.status(), refusal.getMessage());
  }
}
