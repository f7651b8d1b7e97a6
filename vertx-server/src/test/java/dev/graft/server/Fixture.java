package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.graft.Graft;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.Manifest;
import dev.graft.model.Model;
import dev.graft.plan.Plan;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.server.protocol.InferTensorContents;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelInferRequest.InferInputTensor;
import dev.graft.server.protocol.transfer.WatchRequest;
import dev.graft.server.protocol.transfer.WatchResponse;
import dev.graft.spi.TransferMethod;
import dev.graft.tensor.HostTensor;
import dev.graft.testkit.tiny.TinyImages;
import dev.graft.testkit.tiny.TinyTransfer;
import dev.graft.train.TrainJob;
import dev.graft.train.Trainer;
import dev.graft.weights.Weights;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.server.StatusException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A server of tiny models on a free port, and pictures to ask it about. */
final class Fixture implements AutoCloseable {

  static final Registry REGISTRY = Graft.create().registry();

  private static final TinyImages IMAGES = new TinyImages(12, 5);

  static final String INFERENCE = "inference.GRPCInferenceService";
  static final String TRANSFER = "graft.v1.TransferService";

  final Vertx vertx;
  private final GrpcClient client;
  final GraftServer server;

  Fixture(ServerOptions options) throws Exception {
    this(options, Vertx.vertx());
  }

  /** With a Vert.x of its own, which is closed with the server. */
  Fixture(ServerOptions options, Vertx vertx) throws Exception {
    this.vertx = vertx;
    client = GrpcClient.client(vertx);
    server = new GraftServer(options.withAddress(ServerOptions.LOOPBACK, 0), REGISTRY);
    try {
      await(vertx.deployVerticle(server));
    } catch (ExecutionException e) {
      await(vertx.close());
      throw e;
    }
  }

  /** Writes a bundle whose weights follow from the seed. */
  static void bundle(Path folder, long seed) throws IOException {
    bundle(folder, TinyTransfer.pictures(), seed);
  }

  /** Writes a bundle whose transforms {@link NotedModality} notes. */
  static void noted(Path folder) throws IOException {
    TinyTransfer plain = TinyTransfer.pictures();
    TinyTransfer noted =
        new TinyTransfer(
            plain.base(),
            plain.data(),
            plain.task(),
            NotedModality.preprocessing(),
            plain.teacher());
    bundle(folder, noted, 1);
  }

  private static void bundle(Path folder, TinyTransfer transfer, long seed) throws IOException {
    TransferMethod method = REGISTRY.get(TransferMethod.class, "from-scratch");
    Plan plan =
        transfer.plan(
            seed, List.of(method), List.of(Settings.NONE.checked("method", method.settings())));
    TrainJob job = transfer.job(plan, folder, REGISTRY);
    try (Model model = Trainer.build(job)) {
      var unused = transfer.bundle(folder, plan, model);
    }
  }

  /**
   * Writes what a model has and its base has not: another shift behind the last layer.
   *
   * @param base folder of a bundle
   */
  static void changes(Path folder, Path base, float shift) throws IOException {
    Bundle whole = Bundle.open(base);
    Weights weights = whole.weights();
    String last = "fc.bias";
    float[] values = new float[(int) weights.get(last).count()];
    values[0] = shift;
    HostTensor changed = HostTensor.of(values, weights.get(last).shape());
    Manifest.BaseReference reference =
        new Manifest.BaseReference(base.getFileName().toString(), weights.digest());
    var unused =
        Bundle.writeChanges(
            folder,
            whole.manifest().withBase(reference),
            Weights.of(Map.of(last, changed)),
            whole.otherFiles());
  }

  /** A picture as a client sends it. */
  static byte[] picture(int index) {
    HostTensor image = IMAGES.load(index).get("image");
    byte[] bytes = new byte[(int) image.count()];
    image.data().get(bytes);
    return bytes;
  }

  /** A request about pictures, with typed contents. */
  static ModelInferRequest.Builder request(String model, int... pictures) {
    InferTensorContents.Builder contents = InferTensorContents.newBuilder();
    for (int picture : pictures) {
      contents.addBytesContents(ByteString.copyFrom(picture(picture)));
    }
    return ModelInferRequest.newBuilder()
        .setModelName(model)
        .addInputs(
            InferInputTensor.newBuilder()
                .setName("content")
                .setDatatype("BYTES")
                .addShape(pictures.length)
                .setContents(contents));
  }

  /** Calls a method by its name and waits for the answer. */
  <Q extends Message, R extends Message> R call(String method, Q request, R form) throws Exception {
    return call(method, request, form, null);
  }

  /**
   * Calls a method with a token.
   *
   * @throws StatusException if the call ends with another status than OK
   */
  <Q extends Message, R extends Message> R call(String method, Q request, R form, String token)
      throws Exception {
    return call(INFERENCE, method, request, form, token);
  }

  /** Calls a method of the service that trains. */
  <Q extends Message, R extends Message> R transfer(String method, Q request, R form)
      throws Exception {
    return transfer(method, request, form, null);
  }

  /** Calls a method of the service that trains with a token. */
  <Q extends Message, R extends Message> R transfer(String method, Q request, R form, String token)
      throws Exception {
    return call(TRANSFER, method, request, form, token);
  }

  /** Watches a job to its end. */
  List<WatchResponse> watch(WatchRequest request) throws Exception {
    return await(watching(request));
  }

  /** Watches a job without waiting for its end. */
  Future<List<WatchResponse>> watching(WatchRequest request) {
    WatchResponse form = WatchResponse.getDefaultInstance();
    return sent(TRANSFER, "Watch", request, form, null, r -> r.collect(Collectors.toList()));
  }

  /** Asks what there is. */
  <Q extends Message, R extends Message> R reflection(Q request, R form) throws Exception {
    return call("grpc.reflection.v1.ServerReflection", "ServerReflectionInfo", request, form, null);
  }

  /** The first answer of a call that goes on, which is cancelled then. */
  <Q extends Message, R extends Message> R firstOf(String service, String method, Q request, R form)
      throws Exception {
    Promise<R> first = Promise.promise();
    GrpcClientRequest<Q, R> sent = await(open(service, method, form));
    var unused =
        sent.response()
            .onSuccess(response -> response.handler(first::tryComplete))
            .onFailure(first::tryFail);
    var unusedToo = sent.send(request);
    R answer = await(first.future());
    sent.cancel();
    return answer;
  }

  /** Calls any method by its name and waits for the answer. */
  <Q extends Message, R extends Message> R call(
      String service, String method, Q request, R form, String token) throws Exception {
    return await(sent(service, method, request, form, token, GrpcClientResponse::last));
  }

  /** What a response gave, or the status that it has in place of it. */
  private static <T> Future<T> status(GrpcClientResponse<?, ?> response, Future<T> given) {
    return given.transform(
        done ->
            done.succeeded() && response.status() == GrpcStatus.OK
                ? given
                : Future.failedFuture(
                    new StatusException(response.status(), response.statusMessage())));
  }

  /** A call that was sent and need not be answered yet. */
  record Call<R>(GrpcClientRequest<?, R> request, Future<R> answer) {

    void cancel() {
      request.cancel();
    }
  }

  /** Sends a request without waiting for its answer. */
  <Q extends Message, R extends Message> Call<R> begin(String method, Q request, R form)
      throws Exception {
    return begin(method, request, form, Duration.ZERO);
  }

  /** The same with a deadline, where the time is not zero. */
  <Q extends Message, R extends Message> Call<R> begin(
      String method, Q request, R form, Duration time) throws Exception {
    GrpcClientRequest<Q, R> sent = await(open(INFERENCE, method, form));
    if (!time.isZero()) {
      var unused = sent.timeout(time.toMillis(), TimeUnit.MILLISECONDS);
    }
    Future<R> answer = sent.send(request).compose(response -> status(response, response.last()));
    return new Call<>(sent, answer);
  }

  /**
   * Sends a request and reads its answer. All of that is said on the event loop: who reads from
   * another thread may come after the end.
   */
  private <Q extends Message, R extends Message, T> Future<T> sent(
      String service,
      String method,
      Q request,
      R form,
      String token,
      Function<GrpcClientResponse<Q, R>, Future<T>> read) {
    return this.<Q, R>open(service, method, form)
        .compose(
            sent -> {
              if (token != null) {
                sent.headers().set("authorization", "Bearer " + token);
              }
              return sent.send(request).compose(response -> status(response, read.apply(response)));
            });
  }

  /** A call of which nothing has been sent yet. */
  <Q extends Message, R extends Message> Future<GrpcClientRequest<Q, R>> open(
      String service, String method, R form) {
    ServiceMethod<R, Q> call =
        ServiceMethod.client(
            ServiceName.create(service),
            method,
            GrpcMessageEncoder.encoder(),
            GrpcMessageDecoder.decoder(form));
    return client.request(
        SocketAddress.inetSocketAddress(server.port(), ServerOptions.LOOPBACK), call);
  }

  /** The status of a call of the service that trains, with its message. */
  <Q extends Message> StatusException refusedTransfer(
      String method, Q request, Message form, String token) {
    ExecutionException e =
        assertThrows(ExecutionException.class, () -> transfer(method, request, form, token));
    return assertInstanceOf(StatusException.class, e.getCause());
  }

  /** The status of a call that is expected to fail, with its message. */
  <Q extends Message> StatusException refused(
      String method, Q request, Message form, String token) {
    ExecutionException e =
        assertThrows(ExecutionException.class, () -> call(method, request, form, token));
    return assertInstanceOf(StatusException.class, e.getCause());
  }

  /** Where the server is, as HTTP has it. */
  URI uri(String path) {
    return URI.create("http://%s:%d%s".formatted(ServerOptions.LOOPBACK, server.port(), path));
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get();
  }

  @Override
  public void close() throws Exception {
    await(vertx.close());
  }
}
