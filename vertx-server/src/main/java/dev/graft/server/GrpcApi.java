package dev.graft.server;

import com.google.protobuf.Descriptors;
import dev.graft.server.access.Role;
import dev.graft.server.protocol.ModelConfigRequest;
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
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.Service;

/** The protocol over gRPC: {@code inference.GRPCInferenceService}. */
final class GrpcApi implements Service {

  private static final Descriptors.ServiceDescriptor DESCRIPTOR =
      dev.graft.server.protocol.Inference.getDescriptor().findServiceByName("GRPCInferenceService");
  private static final ServiceName NAME = ServiceName.create(DESCRIPTOR.getFullName());

  private final Api api;
  private final GrpcCalls calls;

  GrpcApi(Api api, GrpcCalls calls) {
    this.api = api;
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
    // Two calls stay open, because they are what asks whether a process is to be restarted.
    bound.open("ServerLive", ServerLiveRequest.getDefaultInstance(), api::live);
    bound.open("ServerReady", ServerReadyRequest.getDefaultInstance(), api::ready);
    Role infer = Role.INFER;
    bound.unary("ModelReady", infer, ModelReadyRequest.getDefaultInstance(), api::modelReady);
    bound.unary(
        "ServerMetadata", infer, ServerMetadataRequest.getDefaultInstance(), api::serverMetadata);
    bound.unary(
        "ModelMetadata", infer, ModelMetadataRequest.getDefaultInstance(), api::modelMetadata);
    bound.unary("ModelConfig", infer, ModelConfigRequest.getDefaultInstance(), api::modelConfig);
    bound.unary("ModelInfer", infer, ModelInferRequest.getDefaultInstance(), this::infer);
    bound.unary(
        "ModelStatistics", infer, ModelStatisticsRequest.getDefaultInstance(), api::statistics);
    bound.unary("RepositoryIndex", infer, RepositoryIndexRequest.getDefaultInstance(), api::index);
    Role manage = Role.MANAGE;
    bound.unary(
        "RepositoryModelLoad", manage, RepositoryModelLoadRequest.getDefaultInstance(), api::load);
    bound.unary(
        "RepositoryModelUnload",
        manage,
        RepositoryModelUnloadRequest.getDefaultInstance(),
        api::unload);
    bound.stream("ModelStreamInfer", infer, ModelInferRequest.getDefaultInstance(), this::stream);
  }

  private Future<ModelInferResponse> infer(ModelInferRequest request, Caller caller) {
    return api.infer(request, caller).map(Answer::message);
  }

  /**
   * Each message is answered by one; a message that is refused does not end the stream, unless it
   * is that its sender may not, or that the server is about to end.
   */
  private void stream(GrpcServerRequest<ModelInferRequest, ModelStreamInferResponse> request) {
    Caller caller = GrpcCalls.caller(request);
    // One at a time, so that answers come in the order of the requests.
    request.messageHandler(
        message -> {
          request.pause();
          calls
              .admit(request, Role.INFER)
              .onFailure(failure -> calls.fail(request, failure))
              .onSuccess(in -> answer(request, message, caller));
        });
    request.endHandler(end -> request.response().end());
  }

  private void answer(
      GrpcServerRequest<ModelInferRequest, ModelStreamInferResponse> request,
      GrpcMessage message,
      Caller caller) {
    ModelInferRequest form = ModelInferRequest.getDefaultInstance();
    Future.succeededFuture(message)
        .compose(given -> calls.messages().answer(given, form, asked -> infer(asked, caller)))
        .map(answer -> ModelStreamInferResponse.newBuilder().setInferResponse(answer).build())
        .otherwise(
            failure ->
                ModelStreamInferResponse.newBuilder()
                    .setErrorMessage(calls.refusal(request, failure).getMessage())
                    .build())
        .compose(answer -> request.response().write(answer))
        .onComplete(done -> request.resume());
  }
}
