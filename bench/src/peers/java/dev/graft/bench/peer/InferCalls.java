package dev.graft.bench.peer;

import com.google.protobuf.ByteString;
import dev.graft.bench.AdapterFolders;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelInferResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** A client of grpc-java for texts; the same one for every server. */
final class InferCalls {

  static final String MODEL = "encoder";

  static final MethodDescriptor<ModelInferRequest, ModelInferResponse> METHOD =
      MethodDescriptor.<ModelInferRequest, ModelInferResponse>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("inference.GRPCInferenceService/ModelInfer")
          .setRequestMarshaller(ProtoUtils.marshaller(ModelInferRequest.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(ModelInferResponse.getDefaultInstance()))
          .build();

  private InferCalls() {}

  static ManagedChannel channel(int port) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  static ModelInferRequest request(int number) {
    return request(MODEL, AdapterFolders.text(number));
  }

  static ModelInferRequest request(String model, String text) {
    ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName(model);
    request
        .addInputsBuilder()
        .setName("content")
        .setDatatype("BYTES")
        .addShape(1)
        .getContentsBuilder()
        .addBytesContents(ByteString.copyFromUtf8(text));
    return request.build();
  }

  /** Probability of the first class. */
  static float call(Channel channel, int number) {
    return ClientCalls.blockingUnaryCall(channel, METHOD, CallOptions.DEFAULT, request(number))
        .getOutputs(0)
        .getContents()
        .getFp32Contents(0);
  }

  /** The answer to a call, when it is there. */
  static CompletableFuture<ModelInferResponse> begin(Channel channel, ModelInferRequest request) {
    CompletableFuture<ModelInferResponse> answer = new CompletableFuture<>();
    ClientCalls.asyncUnaryCall(
        channel.newCall(METHOD, CallOptions.DEFAULT),
        request,
        new StreamObserver<>() {
          @Override
          public void onNext(ModelInferResponse response) {
            answer.complete(response);
          }

          @Override
          public void onError(Throwable failure) {
            answer.completeExceptionally(failure);
          }

          @Override
          public void onCompleted() {}
        });
    return answer;
  }

  /** So many calls of one client, of which so many are under way at a time. */
  static int inFlight(int most, int calls, IntFunction<CompletableFuture<?>> begin)
      throws InterruptedException {
    Semaphore free = new Semaphore(most);
    AtomicInteger answered = new AtomicInteger();
    for (int i = 0; i < calls; i++) {
      free.acquire();
      var unused =
          begin
              .apply(i)
              .whenComplete(
                  (answer, failure) -> {
                    answered.addAndGet(failure == null ? 1 : 0);
                    free.release();
                  });
    }
    free.acquire(most);
    if (answered.get() != calls) {
      throw new IllegalStateException(answered + " of " + calls + " calls were answered");
    }
    return calls;
  }

  /** A call by its number. */
  interface Call {
    double answer(int number) throws Exception;
  }

  /** So many calls by so many clients, each of which waits for its answer; returns a sum. */
  static double byClients(int clients, int calls, Call call) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try {
      List<Callable<Double>> work = new ArrayList<>();
      for (int c = 0; c < clients; c++) {
        int client = c;
        work.add(
            () -> {
              double sum = 0;
              for (int i = client; i < calls; i += clients) {
                sum += call.answer(i);
              }
              return sum;
            });
      }
      double sum = 0;
      for (Future<Double> each : threads.invokeAll(work)) {
        sum += each.get();
      }
      return sum;
    } finally {
      threads.shutdownNow();
    }
  }
}
