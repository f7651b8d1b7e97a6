package dev.graft.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.graft.server.protocol.InferTensorContents;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelInferRequest.InferInputTensor;
import dev.graft.server.protocol.ModelInferResponse;
import dev.graft.server.protocol.transfer.WatchRequest;
import dev.graft.server.protocol.transfer.WatchResponse;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a process of its own, and a client of it. */
final class ServedProcess implements AutoCloseable {

  private static final Pattern SERVING = Pattern.compile("serving .* on ([0-9.]+):([0-9]+), .*");

  static final String INFERENCE = "inference.GRPCInferenceService";

  private final Vertx vertx = Vertx.vertx();
  private final GrpcClient client = GrpcClient.client(vertx);
  private final Process process;
  private final SocketAddress address;

  private ServedProcess(Process process, SocketAddress address) {
    this.process = process;
    this.address = address;
  }

  /** Starts it and waits until it serves. */
  static ServedProcess start(List<String> options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.graft.cli.Main"));
    command.addAll(List.of("serve", "--port", "0"));
    command.addAll(options);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    StringBuilder said = new StringBuilder();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      said.append(line).append('\n');
      Matcher serving = SERVING.matcher(line);
      if (serving.matches()) {
        Thread rest = new Thread(() -> lines.lines().forEach(more -> {}), "what the server says");
        rest.setDaemon(true);
        rest.start();
        int port = Integer.parseInt(serving.group(2));
        return new ServedProcess(process, SocketAddress.inetSocketAddress(port, serving.group(1)));
      }
    }
    throw new AssertionError("no server: " + said);
  }

  /** Calls a method of the service that trains. */
  <Q extends Message, R extends Message> R transfer(String method, Q request, R form)
      throws Exception {
    return call("graft.v1.TransferService", method, request, form);
  }

  /** Calls a method of a service and waits for the answer. */
  <Q extends Message, R extends Message> R call(String service, String method, Q request, R form)
      throws Exception {
    return await(sent(service, method, request, form, GrpcClientResponse::last));
  }

  /** What a model answers to inputs as a client has them: files or texts. */
  ModelInferResponse infer(String model, List<ByteString> contents) throws Exception {
    InferInputTensor.Builder input =
        InferInputTensor.newBuilder()
            .setName("content")
            .setDatatype("BYTES")
            .addShape(contents.size())
            .setContents(InferTensorContents.newBuilder().addAllBytesContents(contents));
    ModelInferRequest request =
        ModelInferRequest.newBuilder().setModelName(model).addInputs(input).build();
    return call(INFERENCE, "ModelInfer", request, ModelInferResponse.getDefaultInstance());
  }

  /** Watches a job until something happens that is waited for, or it ends. */
  List<WatchResponse> watch(String job, Predicate<WatchResponse> wanted) throws Exception {
    WatchRequest request = WatchRequest.newBuilder().setJob(job).build();
    List<WatchResponse> heard = new ArrayList<>();
    return await(
        sent(
            "graft.v1.TransferService",
            "Watch",
            request,
            WatchResponse.getDefaultInstance(),
            response ->
                Future.<List<WatchResponse>>future(
                    enough ->
                        response
                            .handler(
                                event -> {
                                  heard.add(event);
                                  if (wanted.test(event)) {
                                    enough.tryComplete(heard);
                                  }
                                })
                            .exceptionHandler(enough::tryFail)
                            .endHandler(end -> enough.tryComplete(heard)))));
  }

  /** Reads on the event loop: who reads from another thread may come after the end. */
  private <Q extends Message, R extends Message, T> Future<T> sent(
      String service,
      String method,
      Q request,
      R form,
      Function<GrpcClientResponse<Q, R>, Future<T>> read) {
    ServiceMethod<R, Q> call =
        ServiceMethod.client(
            ServiceName.create(service),
            method,
            GrpcMessageEncoder.encoder(),
            GrpcMessageDecoder.decoder(form));
    return client.request(address, call).compose(sent -> sent.send(request).compose(read));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get();
  }

  /** Ends it as a power cut would. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws Exception {
    kill();
    await(vertx.close());
  }
}
