package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.graft.infer.PredictorOptions;
import dev.graft.server.protocol.InferParameter;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelInferResponse;
import dev.graft.server.protocol.ModelStatistics;
import dev.graft.server.protocol.ModelStatisticsRequest;
import dev.graft.server.protocol.ModelStatisticsResponse;
import dev.graft.server.protocol.RepositoryModelLoadRequest;
import dev.graft.server.protocol.RepositoryModelLoadResponse;
import dev.graft.server.protocol.RepositoryModelUnloadRequest;
import dev.graft.server.protocol.RepositoryModelUnloadResponse;
import io.vertx.core.Future;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.StatusException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Batches of four, for which inputs wait as long as it takes; six may be within. */
@Timeout(120)
class BatchingTest {

  private static final int BATCH = 4;
  private static final int CAPACITY = 6;
  private static final double TOLERANCE = 1e-5;
  private static final ModelInferResponse FORM = ModelInferResponse.getDefaultInstance();

  @TempDir Path models;
  private Fixture fixture;

  @BeforeEach
  void start() throws Exception {
    Fixture.bundle(models.resolve("pictures"), 1);
    PredictorOptions predicting =
        PredictorOptions.defaults().withBatch(BATCH, Duration.ofDays(1)).withCapacity(CAPACITY);
    fixture =
        new Fixture(
            ServerOptions.of(models)
                .withModels(ModelOptions.of(models).withPredicting(predicting)));
  }

  @AfterEach
  void stop() throws Exception {
    fixture.close();
  }

  private static ModelInferRequest.Builder request(int... pictures) {
    ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName("pictures");
    ModelInferRequest.InferInputTensor.Builder input =
        request.addInputsBuilder().setName("content").setDatatype("BYTES");
    input.addShape(pictures.length);
    for (int picture : pictures) {
      input.getContentsBuilder().addBytesContents(ByteString.copyFrom(Fixture.picture(picture)));
    }
    return request;
  }

  private static ModelInferRequest.Builder with(String name, long value) {
    return request(0).putParameters(name, InferParameter.newBuilder().setInt64Param(value).build());
  }

  private Fixture.Call<ModelInferResponse> begin(int... pictures) throws Exception {
    return fixture.begin("ModelInfer", request(pictures).build(), FORM);
  }

  private StatusException refused(ModelInferRequest request) {
    return fixture.refused("ModelInfer", request, FORM, null);
  }

  private static List<Float> scores(Future<ModelInferResponse> answer) throws Exception {
    return Fixture.await(answer).getOutputs(0).getContents().getFp32ContentsList();
  }

  /** Asks until so many inputs are within. */
  private void until(int pending) throws Exception {
    HttpRequest metrics = HttpRequest.newBuilder(fixture.uri("/metrics")).build();
    String line =
        "nv_inference_pending_request_count{model=\"pictures\",version=\"1\"} %.1f\n"
            .formatted((double) pending);
    HttpClient client = HttpClient.newHttpClient();
    while (!client.send(metrics, HttpResponse.BodyHandlers.ofString()).body().contains(line)) {
      Thread.onSpinWait();
    }
  }

  @Test
  void inputsOfSeveralRequestsAreOneBatch() throws Exception {
    var first = begin(0);
    var second = begin(1, 2);
    until(3);
    assertFalse(first.answer().isComplete());
    var third = begin(3);
    assertEquals(3, scores(first.answer()).size());
    assertEquals(6, scores(second.answer()).size());
    assertEquals(3, scores(third.answer()).size());
    ModelStatistics statistics =
        fixture
            .call(
                "ModelStatistics",
                ModelStatisticsRequest.newBuilder().setName("pictures").build(),
                ModelStatisticsResponse.getDefaultInstance())
            .getModelStats(0);
    assertEquals(4, statistics.getInferenceCount());
    assertEquals(1, statistics.getExecutionCount());
  }

  @Test
  void moreThanMayWaitAreRefusedAtOnceUntilSomeLeave() throws Exception {
    var waiting = begin(0, 1, 2);
    until(3);
    StatusException e = refused(request(0, 1, 2, 3).build());
    assertEquals(GrpcStatus.RESOURCE_EXHAUSTED, e.status());
    assertTrue(e.message().contains("beside the 3 that wait, of at most 6"), e::message);
    assertFalse(waiting.answer().isComplete(), "who waits goes on waiting");
    waiting.cancel();
    until(0);
    assertEquals(12, scores(begin(0, 1, 2, 3).answer()).size());
  }

  @Test
  void cancelledInputsDoNotFillABatch() throws Exception {
    var gone = begin(0, 1, 2);
    until(3);
    gone.cancel();
    until(0);
    var waiting = begin(0);
    until(1);
    assertFalse(waiting.answer().isComplete());
    assertEquals(9, scores(begin(1, 2, 3).answer()).size());
    assertEquals(3, scores(waiting.answer()).size());
  }

  @Test
  void whoseConnectionIsGoneLeaves() throws Exception {
    var waiting = begin(0, 1);
    until(2);
    Fixture.await(waiting.request().connection().close());
    until(0);
  }

  @Test
  void whoHangsUpOverHttpLeaves() throws Exception {
    byte[] body =
        ("{\"inputs\":[{\"name\":\"content\",\"datatype\":\"BYTES\",\"shape\":[1],"
                + "\"parameters\":{\"content_type\":\"base64\"},\"data\":[\"%s\"]}]}")
            .formatted(Base64.getEncoder().encodeToString(Fixture.picture(0)))
            .getBytes(StandardCharsets.UTF_8);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), fixture.server.port())) {
      String head =
          String.join(
              "\r\n",
              "POST /v2/models/pictures/infer HTTP/1.1",
              "host: localhost",
              "content-length: %d",
              "",
              "");
      socket
          .getOutputStream()
          .write(head.formatted(body.length).getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(body);
      until(1);
    }
    until(0);
  }

  @Test
  void theDeadlineOfACallIsMetToo() throws Exception {
    assertEquals(
        3,
        scores(
                fixture
                    .begin("ModelInfer", request(0).build(), FORM, Duration.ofSeconds(2))
                    .answer())
            .size());
  }

  @Test
  void whatCannotBeInTimeIsNotComputed() throws Exception {
    StatusException e = refused(with("timeout", 1).build());
    assertEquals(GrpcStatus.DEADLINE_EXCEEDED, e.status());
    assertTrue(e.message().contains("before the deadline"), e::message);
    until(0);
  }

  @Test
  void aDeadlineIsMetAlthoughTheBatchIsNotFull() throws Exception {
    ModelInferRequest hurried = with("timeout", 2_000_000).build();
    assertEquals(3, scores(fixture.begin("ModelInfer", hurried, FORM).answer()).size());
  }

  @Test
  void parametersOutOfRangeAreRefused() {
    for (long priority : new long[] {-1, 10, Long.MIN_VALUE}) {
      StatusException e = refused(with("priority", priority).build());
      assertEquals(GrpcStatus.INVALID_ARGUMENT, e.status());
      assertTrue(e.message().contains("from 0 to 9"), e::message);
    }
    assertEquals(GrpcStatus.INVALID_ARGUMENT, refused(with("timeout", -1).build()).status());
    assertEquals(
        GrpcStatus.INVALID_ARGUMENT, refused(with("timeout", Long.MAX_VALUE).build()).status());
    InferParameter text = InferParameter.newBuilder().setStringParam("1").build();
    assertEquals(
        GrpcStatus.INVALID_ARGUMENT,
        refused(request(0).putParameters("priority", text).build()).status());
  }

  @Test
  void aModelThatIsReplacedAnswersWhatWaitsForIt() throws Exception {
    var old = begin(0);
    until(1);
    double[] before = GrpcApiTest.direct(models.resolve("pictures"), 0);
    Fixture.bundle(models.resolve("pictures"), 2);
    fixture.call(
        "RepositoryModelLoad",
        RepositoryModelLoadRequest.newBuilder().setModelName("pictures").build(),
        RepositoryModelLoadResponse.getDefaultInstance());
    assertScores(before, scores(old.answer()));
    var next = begin(0);
    begin(1, 2, 3);
    assertScores(GrpcApiTest.direct(models.resolve("pictures"), 0), scores(next.answer()));
  }

  @Test
  void aModelThatIsUnloadedAnswersWhatWaitsForIt() throws Exception {
    var last = begin(0);
    until(1);
    fixture.call(
        "RepositoryModelUnload",
        RepositoryModelUnloadRequest.newBuilder().setModelName("pictures").build(),
        RepositoryModelUnloadResponse.getDefaultInstance());
    assertEquals(3, scores(last.answer()).size());
    assertEquals(GrpcStatus.NOT_FOUND, refused(request(0).build()).status());
  }

  private static void assertScores(double[] expected, List<Float> actual) {
    assertArrayEquals(
        expected, actual.stream().mapToDouble(Float::doubleValue).toArray(), TOLERANCE);
  }
}
