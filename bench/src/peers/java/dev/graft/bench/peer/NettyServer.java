package dev.graft.bench.peer;

import dev.graft.infer.Predictor;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelInferResponse;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The same predictor behind a server of grpc-java on Netty, and nothing else. */
final class NettyServer implements AutoCloseable {

  private final Server server;
  private final Predictor predictor;

  NettyServer(Predictor predictor) throws IOException {
    this.predictor = predictor;
    server =
        NettyServerBuilder.forPort(0)
            .addService(
                ServerServiceDefinition.builder("inference.GRPCInferenceService")
                    .addMethod(InferCalls.METHOD, ServerCalls.asyncUnaryCall(this::infer))
                    .build())
            .build()
            .start();
  }

  int port() {
    return server.getPort();
  }

  private void infer(ModelInferRequest request, StreamObserver<ModelInferResponse> observer) {
    try {
      byte[] text = request.getInputs(0).getContents().getBytesContents(0).toByteArray();
      var unused =
          predictor
              .submit(predictor.decode("input 0", text))
              .whenComplete((scores, failure) -> answer(request, scores, failure, observer));
    } catch (IOException | RuntimeException e) {
      observer.onError(e);
    }
  }

  private void answer(
      ModelInferRequest request,
      double[] scores,
      Throwable failure,
      StreamObserver<ModelInferResponse> observer) {
    if (failure != null) {
      observer.onError(failure);
      return;
    }
    ModelInferResponse.Builder response =
        ModelInferResponse.newBuilder()
            .setModelName(request.getModelName())
            .setModelVersion("1")
            .setId(request.getId());
    var probabilities =
        response
            .addOutputsBuilder()
            .setName("probabilities")
            .setDatatype("FP32")
            .addAllShape(List.of(1L, (long) scores.length))
            .getContentsBuilder();
    int best = 0;
    for (int i = 0; i < scores.length; i++) {
      probabilities.addFp32Contents((float) scores[i]);
      best = scores[i] > scores[best] ? i : best;
    }
    response
        .addOutputsBuilder()
        .setName("label")
        .setDatatype("BYTES")
        .addShape(1)
        .getContentsBuilder()
        .addBytesContents(
            com.google.protobuf.ByteString.copyFromUtf8(predictor.task().labels().get(best)));
    observer.onNext(response.build());
    observer.onCompleted();
  }

  @Override
  public void close() throws InterruptedException {
    var unused = server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
  }
}
