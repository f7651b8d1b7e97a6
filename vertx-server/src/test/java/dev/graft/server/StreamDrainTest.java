package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.infer.PredictorOptions;
import dev.graft.server.protocol.InferParameter;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelStreamInferResponse;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcStatus;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stream of requests while the server ends. */
@Timeout(120)
class StreamDrainTest {

  private static final String PENDING =
      "nv_inference_pending_request_count{model=\"pictures\",version=\"1\"} 1.0\n";

  @TempDir private Path models;
  private final HttpClient http = HttpClient.newHttpClient();

  /** Waits for others to fill its batch until it would be late: there are none. */
  private static ModelInferRequest request(String id) {
    InferParameter timeout =
        InferParameter.newBuilder().setInt64Param(TimeUnit.SECONDS.toMicros(3)).build();
    return Fixture.request("pictures", 0).setId(id).putParameters("timeout", timeout).build();
  }

  private HttpResponse<String> get(Fixture fixture, String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(fixture.uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void whatIsUnderWayIsAnsweredAndWhatComesLaterRefused() throws Exception {
    Fixture.bundle(models.resolve("pictures"), 1);
    PredictorOptions predicting = PredictorOptions.defaults().withBatch(2, Duration.ofDays(1));
    ServerOptions options =
        ServerOptions.of(models).withModels(ModelOptions.of(models).withPredicting(predicting));
    try (Fixture fixture = new Fixture(options)) {
      GrpcClientRequest<ModelInferRequest, ModelStreamInferResponse> call =
          Fixture.await(
              fixture.open(
                  Fixture.INFERENCE,
                  "ModelStreamInfer",
                  ModelStreamInferResponse.getDefaultInstance()));
      List<ModelStreamInferResponse> answers = new CopyOnWriteArrayList<>();
      Promise<GrpcStatus> status = Promise.promise();
      var unused = call.response().onSuccess(response -> listen(response, answers, status));
      var unusedBefore = call.write(request("before"));
      while (!get(fixture, "/metrics").body().contains(PENDING)) {
        Thread.onSpinWait();
      }
      Future<Void> ended = fixture.vertx.undeploy(fixture.server.deploymentID());
      while (get(fixture, "/v2/health/ready").statusCode() != 503) {
        Thread.onSpinWait();
      }
      var unusedAfter = call.write(request("after"));
      var unusedEnd = call.end();
      assertEquals(GrpcStatus.UNAVAILABLE, Fixture.await(status.future()));
      assertEquals(
          List.of("before"),
          answers.stream().map(answer -> answer.getInferResponse().getId()).toList());
      Fixture.await(ended);
    }
  }

  private static void listen(
      GrpcClientResponse<?, ModelStreamInferResponse> response,
      List<ModelStreamInferResponse> answers,
      Promise<GrpcStatus> status) {
    response.handler(answers::add);
    response.endHandler(end -> status.tryComplete(response.status()));
    response.exceptionHandler(status::tryFail);
  }
}
