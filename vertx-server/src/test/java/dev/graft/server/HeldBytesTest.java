package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.infer.PredictorOptions;
import dev.graft.server.protocol.InferParameter;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelInferResponse;
import dev.graft.server.protocol.ModelStreamInferResponse;
import io.vertx.core.Future;
import io.vertx.grpc.client.GrpcClientRequest;
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
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests that are small in inputs and large in bytes. Batches are of two, for which inputs wait
 * as long as it takes: a request with one is not answered before another comes.
 */
@Timeout(120)
class HeldBytesTest {

  private static final int MOST = 64 << 10;
  private static final int LARGE = 40 << 10;
  private static final ModelInferResponse FORM = ModelInferResponse.getDefaultInstance();
  private static final String INFER = "/v2/models/pictures/infer";

  @TempDir private Path models;
  private final HttpClient http = HttpClient.newHttpClient();
  private Fixture fixture;

  @BeforeEach
  void start() throws Exception {
    Fixture.bundle(models.resolve("pictures"), 1);
    PredictorOptions predicting = PredictorOptions.defaults().withBatch(2, Duration.ofDays(1));
    fixture =
        new Fixture(
            ServerOptions.of(models)
                .withMaxMessage(MOST)
                .withMaxHeld(MOST)
                .withModels(ModelOptions.of(models).withPredicting(predicting)));
  }

  @AfterEach
  void stop() throws Exception {
    fixture.close();
  }

  /** A request of more than {@link #LARGE} bytes, in a parameter that nobody looks at. */
  private static ModelInferRequest large(int... pictures) {
    InferParameter filling = InferParameter.newBuilder().setStringParam("x".repeat(LARGE)).build();
    return Fixture.request("pictures", pictures).putParameters("filling", filling).build();
  }

  private static byte[] largeJson(int picture) {
    return """
    {"inputs": [{"name": "content", "datatype": "BYTES", "shape": [1],
      "parameters": {"content_type": "base64"}, "data": ["%s"]}]}%s\
    """
        .formatted(Base64.getEncoder().encodeToString(Fixture.picture(picture)), " ".repeat(LARGE))
        .getBytes(StandardCharsets.UTF_8);
  }

  private HttpResponse<String> post(byte[] body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(fixture.uri(INFER))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private Fixture.Call<ModelInferResponse> begin(ModelInferRequest request) throws Exception {
    return fixture.begin("ModelInfer", request, FORM);
  }

  /** Asks until so many bytes are held. */
  private void until(long bytes) throws Exception {
    HttpRequest metrics = HttpRequest.newBuilder(fixture.uri("/metrics")).build();
    String line = "\ngraft_requests_bytes %.1f\n".formatted((double) bytes);
    while (!http.send(metrics, HttpResponse.BodyHandlers.ofString()).body().contains(line)) {
      Thread.onSpinWait();
    }
  }

  private static void assertFull(String message, long held) {
    assertTrue(message.contains("beside the %d of requests".formatted(held)), message);
    assertTrue(message.contains("of at most " + MOST), message);
  }

  @Test
  void moreThanMayBeHeldAreRefusedAtOnceUntilSomeAreAnswered() throws Exception {
    ModelInferRequest first = large(0);
    var waiting = begin(first);
    until(first.getSerializedSize());
    StatusException e = fixture.refused("ModelInfer", large(1), FORM, null);
    assertEquals(GrpcStatus.RESOURCE_EXHAUSTED, e.status());
    assertFull(e.message(), first.getSerializedSize());
    HttpResponse<String> refused = post(largeJson(1));
    assertEquals(429, refused.statusCode());
    assertTrue(refused.body().contains("of at most " + MOST), refused::body);
    assertFalse(waiting.answer().isComplete(), "who waits goes on waiting");
    var small = begin(Fixture.request("pictures", 1).build());
    assertEquals(1, Fixture.await(waiting.answer()).getOutputs(0).getShape(0));
    assertEquals(1, Fixture.await(small.answer()).getOutputs(0).getShape(0));
    until(0);
    assertEquals(2, Fixture.await(begin(large(0, 1)).answer()).getOutputs(0).getShape(0));
    until(0);
  }

  @Test
  void whoCancelsGivesTheirBytesBack() throws Exception {
    var gone = begin(large(0));
    until(large(0).getSerializedSize());
    gone.cancel();
    until(0);
  }

  @Test
  void whatIsRefusedOrFailsGivesItsBytesBack() throws Exception {
    ModelInferRequest nobody = large(0).toBuilder().setModelName("nobody").build();
    assertEquals(GrpcStatus.NOT_FOUND, fixture.refused("ModelInfer", nobody, FORM, null).status());
    assertEquals(400, post("no JSON".getBytes(StandardCharsets.UTF_8)).statusCode());
    assertEquals(413, post(new byte[MOST + 1]).statusCode());
    until(0);
  }

  @Test
  void whoHangsUpGivesBackWhatCameAndWhatDidNot() throws Exception {
    byte[] body = largeJson(0);
    String head =
        "POST %s HTTP/1.1\r\nhost: localhost\r\ncontent-length: %d\r\n\r\n"
            .formatted(INFER, body.length);
    for (int sent : List.of(body.length / 2, body.length)) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), fixture.server.port())) {
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(body, 0, sent);
        until(sent);
      }
      until(0);
    }
  }

  @Test
  void aStreamHoldsOneMessageAtATime() throws Exception {
    GrpcClientRequest<ModelInferRequest, ModelStreamInferResponse> call =
        Fixture.await(
            fixture.open(
                Fixture.INFERENCE,
                "ModelStreamInfer",
                ModelStreamInferResponse.getDefaultInstance()));
    Future<List<ModelStreamInferResponse>> answers =
        call.response().compose(response -> response.collect(Collectors.toList()));
    for (int i = 0; i < 3; i++) {
      var unused = call.write(large(0, 1));
    }
    var unused = call.end();
    for (ModelStreamInferResponse answer : Fixture.await(answers)) {
      assertEquals("", answer.getErrorMessage());
    }
    until(0);
  }

  @Test
  void theLargestRequestMustFit() {
    ServerOptions options = ServerOptions.of(models).withMaxMessage(MOST);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> options.withMaxHeld(MOST - 1));
    assertTrue(e.getMessage().contains("" + (MOST - 1)), e::getMessage);
  }
}
