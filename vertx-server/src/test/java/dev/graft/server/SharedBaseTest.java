package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.graft.Graft;
import dev.graft.infer.Predictor;
import dev.graft.infer.PredictorOptions;
import dev.graft.server.protocol.InferParameter;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelInferResponse;
import dev.graft.server.protocol.ModelMetadataRequest;
import dev.graft.server.protocol.ModelMetadataResponse;
import dev.graft.server.protocol.ModelRepositoryParameter;
import dev.graft.server.protocol.ModelStatistics;
import dev.graft.server.protocol.ModelStatisticsRequest;
import dev.graft.server.protocol.ModelStatisticsResponse;
import dev.graft.server.protocol.RepositoryIndexRequest;
import dev.graft.server.protocol.RepositoryIndexResponse;
import dev.graft.server.protocol.RepositoryModelLoadRequest;
import dev.graft.server.protocol.RepositoryModelLoadResponse;
import io.vertx.core.Future;
import io.vertx.grpc.common.GrpcStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three models over one base, which answer differently. */
@Timeout(120)
class SharedBaseTest {

  private static final Map<String, Float> SHIFTS = Map.of("one", -1f, "two", 0.5f, "three", 2f);
  private static final ModelInferResponse FORM = ModelInferResponse.getDefaultInstance();

  @TempDir Path folder;
  private Path base;
  private Path models;
  private Fixture fixture;

  @BeforeEach
  void write() throws IOException {
    base = folder.resolve("base");
    models = folder.resolve("models");
    Fixture.bundle(base, 1);
    for (Map.Entry<String, Float> each : SHIFTS.entrySet()) {
      Fixture.changes(models.resolve(each.getKey()), base, each.getValue());
    }
  }

  @AfterEach
  void stop() throws Exception {
    if (fixture != null) {
      fixture.close();
    }
  }

  private void start(PredictorOptions predicting, int mostResident) throws Exception {
    ModelOptions options =
        ModelOptions.of(models).withPredicting(predicting).withBases(List.of(base), mostResident);
    fixture = new Fixture(ServerOptions.of(models).withModels(options));
  }

  private void startAtOnce(int mostResident) throws Exception {
    start(PredictorOptions.defaults().withBatch(1, Duration.ZERO), mostResident);
  }

  private static ModelInferRequest request(String model) {
    ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName(model);
    request
        .addInputsBuilder()
        .setName("content")
        .setDatatype("BYTES")
        .addShape(1)
        .getContentsBuilder()
        .addBytesContents(ByteString.copyFrom(Fixture.picture(0)));
    return request.build();
  }

  private static ModelInferRequest adapter(String model, String name) {
    return request(model).toBuilder()
        .putParameters("adapter", InferParameter.newBuilder().setStringParam(name).build())
        .build();
  }

  /** Probabilities of a model that has the base to itself, in the order of its labels. */
  private double[] alone(String name) throws IOException {
    try (Predictor predictor =
        Graft.with(Fixture.REGISTRY).predictor(models.resolve(name), base, "")) {
      return predictor.scores(List.of(predictor.decode("picture", Fixture.picture(0))))[0];
    }
  }

  private static void assertAnswers(double[] expected, ModelInferResponse response) {
    List<Float> scores = response.getOutputs(0).getContents().getFp32ContentsList();
    assertEquals(expected.length, scores.size());
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], scores.get(i), 1e-5);
    }
  }

  private ModelInferResponse infer(ModelInferRequest request) throws Exception {
    return fixture.call("ModelInfer", request, FORM);
  }

  private String reason(String name) throws Exception {
    return fixture
        .call(
            "RepositoryIndex",
            RepositoryIndexRequest.getDefaultInstance(),
            RepositoryIndexResponse.getDefaultInstance())
        .getModelsList()
        .stream()
        .filter(model -> model.getName().equals(name))
        .findFirst()
        .orElseThrow()
        .getReason();
  }

  private boolean isAway(String name) throws Exception {
    return reason(name).contains("loaded when it is asked for");
  }

  @Test
  void requestsForDifferentModelsAreOneBatch() throws Exception {
    start(PredictorOptions.defaults().withBatch(4, Duration.ofDays(1)), 10);
    List<Future<ModelInferResponse>> answers = new ArrayList<>();
    for (String name : List.of("three", "one", "two")) {
      answers.add(fixture.begin("ModelInfer", request(name), FORM).answer());
    }
    answers.add(fixture.begin("ModelInfer", adapter("base", "one"), FORM).answer());
    assertAnswers(alone("three"), Fixture.await(answers.get(0)));
    assertAnswers(alone("one"), Fixture.await(answers.get(1)));
    assertAnswers(alone("two"), Fixture.await(answers.get(2)));
    assertAnswers(alone("one"), Fixture.await(answers.get(3)));
    assertEquals("base", Fixture.await(answers.get(3)).getModelName());
    assertNotEquals(alone("one")[0], alone("two")[0]);
    assertEquals(
        1,
        fixture
            .call(
                "ModelStatistics",
                ModelStatisticsRequest.newBuilder().setName("two").build(),
                ModelStatisticsResponse.getDefaultInstance())
            .getModelStats(0)
            .getExecutionCount());
  }

  /** Names of the models in the statistics of one model, or of all. */
  private List<String> counted(String name) throws Exception {
    return fixture
        .call(
            "ModelStatistics",
            ModelStatisticsRequest.newBuilder().setName(name).build(),
            ModelStatisticsResponse.getDefaultInstance())
        .getModelStatsList()
        .stream()
        .map(ModelStatistics::getName)
        .toList();
  }

  @Test
  void theOneNotAskedForLongestMakesRoomAndComesBack() throws Exception {
    startAtOnce(2);
    assertTrue(isAway("one"), "loaded first, in the order of names");
    assertEquals(List.of("one"), counted("one"));
    assertEquals(List.of("three", "two"), counted(""));
    infer(request("three"));
    assertAnswers(alone("one"), infer(request("one")));
    assertTrue(isAway("two"));
    assertAnswers(alone("two"), infer(adapter("base", "two")));
    assertTrue(isAway("three"));
    assertEquals(
        3,
        fixture
            .call(
                "ModelMetadata",
                ModelMetadataRequest.newBuilder().setName("three").build(),
                ModelMetadataResponse.getDefaultInstance())
            .getOutputs(0)
            .getShape(1));
  }

  @Test
  void everybodyWhoAsksForOneThatIsAwayIsAnswered() throws Exception {
    startAtOnce(1);
    List<Future<ModelInferResponse>> answers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      answers.add(fixture.begin("ModelInfer", request("one"), FORM).answer());
    }
    for (Future<ModelInferResponse> answer : answers) {
      assertAnswers(alone("one"), Fixture.await(answer));
    }
  }

  @Test
  void theVersionThatIsAskedForComesBack() throws Exception {
    Fixture.changes(models.resolve("several").resolve("1"), base, -1f);
    Fixture.changes(models.resolve("several").resolve("2"), base, 2f);
    startAtOnce(1);
    for (int round = 0; round < 2; round++) {
      assertAnswers(alone("one"), infer(version("several", "1")));
      assertAnswers(alone("three"), infer(version("several", "2")));
    }
  }

  private static ModelInferRequest version(String model, String version) {
    return request(model).toBuilder().setModelVersion(version).build();
  }

  @Test
  void anAdapterOfAnotherBaseIsRefusedThoughItIsAway() throws Exception {
    Path other = folder.resolve("other");
    Fixture.bundle(other, 2);
    ModelOptions options =
        ModelOptions.of(models)
            .withPredicting(PredictorOptions.defaults().withBatch(1, Duration.ZERO))
            .withBases(List.of(base, other), 2);
    fixture = new Fixture(ServerOptions.of(models).withModels(options));
    assertTrue(isAway("one"));
    assertRefused(GrpcStatus.NOT_FOUND, "no adapter 'one'", adapter("other", "one"));
    assertAnswers(alone("one"), infer(adapter("base", "one")));
  }

  @Test
  void whoIsPinnedStays() throws Exception {
    startAtOnce(2);
    var unused =
        fixture.call(
            "RepositoryModelLoad",
            RepositoryModelLoadRequest.newBuilder()
                .setModelName("one")
                .putParameters(
                    "pin", ModelRepositoryParameter.newBuilder().setBoolParam(true).build())
                .build(),
            RepositoryModelLoadResponse.getDefaultInstance());
    for (String name : List.of("two", "three", "two", "three")) {
      assertAnswers(alone(name), infer(request(name)));
      assertEquals("", reason("one"));
    }
  }

  @Test
  void whoIsPinnedInTheOptionsStaysFromTheStart() throws Exception {
    ModelOptions options =
        ModelOptions.of(models)
            .withPinned(List.of("one"))
            .withPredicting(PredictorOptions.defaults().withBatch(1, Duration.ZERO))
            .withBases(List.of(base), 2);
    fixture = new Fixture(ServerOptions.of(models).withModels(options));
    assertEquals("", reason("one"), "loaded first, in the order of names");
    for (String name : List.of("two", "three", "two")) {
      assertAnswers(alone(name), infer(request(name)));
      assertEquals("", reason("one"));
    }
  }

  @Test
  void whatIsNoAdapterIsRefused() throws Exception {
    startAtOnce(10);
    Fixture.bundle(models.resolve("whole"), 2);
    assertRefused(GrpcStatus.INVALID_ARGUMENT, "parameter 'adapter'", request("base"));
    assertRefused(GrpcStatus.NOT_FOUND, "no adapter 'four'", adapter("base", "four"));
    assertRefused(GrpcStatus.NOT_FOUND, "no adapter 'whole'", adapter("base", "whole"));
    assertRefused(GrpcStatus.INVALID_ARGUMENT, "is no base", adapter("one", "two"));
    assertRefused(GrpcStatus.INVALID_ARGUMENT, "name", adapter("base", "../one"));
  }

  private void assertRefused(GrpcStatus status, String text, ModelInferRequest request) {
    var e = fixture.refused("ModelInfer", request, FORM, null);
    assertEquals(status, e.status());
    assertTrue(e.message().contains(text), e.message());
  }

  @Test
  void aBundleWithoutItsBaseIsNotServed() throws Exception {
    fixture = new Fixture(ServerOptions.of(models));
    var e = fixture.refused("ModelInfer", request("one"), FORM, null);
    assertEquals(GrpcStatus.UNAVAILABLE, e.status());
  }

  @Test
  void theSameBaseTwiceIsRefused() {
    ModelOptions twice = ModelOptions.of(models).withBases(List.of(base, base), 1);
    Exception e =
        assertThrows(
            Exception.class, () -> new Fixture(ServerOptions.of(models).withModels(twice)));
    assertTrue(e.getMessage().contains("each base once"), e.getMessage());
  }
}
