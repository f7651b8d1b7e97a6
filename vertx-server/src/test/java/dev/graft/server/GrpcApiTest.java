package dev.graft.server;

import static dev.graft.server.Fixture.request;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.graft.bundle.Bundle;
import dev.graft.infer.Predictor;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelInferResponse;
import dev.graft.server.protocol.ModelMetadataRequest;
import dev.graft.server.protocol.ModelMetadataResponse;
import dev.graft.server.protocol.ModelReadyRequest;
import dev.graft.server.protocol.ModelReadyResponse;
import dev.graft.server.protocol.ModelStatisticsRequest;
import dev.graft.server.protocol.ModelStatisticsResponse;
import dev.graft.server.protocol.RepositoryIndexRequest;
import dev.graft.server.protocol.RepositoryIndexResponse;
import dev.graft.server.protocol.RepositoryModelLoadRequest;
import dev.graft.server.protocol.RepositoryModelLoadResponse;
import dev.graft.server.protocol.RepositoryModelUnloadRequest;
import dev.graft.server.protocol.RepositoryModelUnloadResponse;
import dev.graft.server.protocol.ServerLiveRequest;
import dev.graft.server.protocol.ServerLiveResponse;
import dev.graft.server.protocol.ServerMetadataRequest;
import dev.graft.server.protocol.ServerMetadataResponse;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.StatusException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class GrpcApiTest {

  private static final double TOLERANCE = 1e-5;

  @TempDir static Path models;
  private static Fixture fixture;

  @BeforeAll
  static void start() throws Exception {
    Fixture.bundle(models.resolve("pictures"), 1);
    Fixture.bundle(models.resolve("versions").resolve("1"), 2);
    Fixture.bundle(models.resolve("versions").resolve("12"), 3);
    Fixture.bundle(models.resolve("come-and-go"), 4);
    Files.createDirectories(models.resolve("broken"));
    Files.writeString(models.resolve("broken").resolve("graft.json"), "{}");
    fixture = new Fixture(ServerOptions.of(models));
  }

  @AfterAll
  static void stop() throws Exception {
    fixture.close();
  }

  private static ModelInferRequest raw(String model, int... pictures) {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    for (int picture : pictures) {
      buffer.putInt(Fixture.picture(picture).length).put(Fixture.picture(picture));
    }
    ModelInferRequest.Builder request = request(model, pictures);
    request.getInputsBuilder(0).clearContents();
    return request.addRawInputContents(ByteString.copyFrom(buffer.flip())).build();
  }

  private static ModelInferResponse infer(ModelInferRequest request) throws Exception {
    return fixture.call("ModelInfer", request, ModelInferResponse.getDefaultInstance());
  }

  /** What a bundle says about a picture without a server. */
  static double[] direct(Path bundle, int picture) throws Exception {
    try (Predictor predictor = Predictor.open(Bundle.open(bundle), Fixture.REGISTRY)) {
      return predictor.submit(predictor.decode("x", Fixture.picture(picture))).get();
    }
  }

  private static void assertScores(double[] expected, List<Float> actual, int row) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual.get(row * expected.length + i), TOLERANCE);
    }
  }

  @Test
  void aliveAndNamed() throws Exception {
    assertTrue(
        fixture
            .call(
                "ServerLive",
                ServerLiveRequest.getDefaultInstance(),
                ServerLiveResponse.getDefaultInstance())
            .getLive());
    ServerMetadataResponse server =
        fixture.call(
            "ServerMetadata",
            ServerMetadataRequest.getDefaultInstance(),
            ServerMetadataResponse.getDefaultInstance());
    assertEquals("graft", server.getName());
    assertTrue(server.getExtensionsList().contains("model_repository"));
    ModelMetadataResponse model =
        fixture.call(
            "ModelMetadata",
            ModelMetadataRequest.newBuilder().setName("pictures").build(),
            ModelMetadataResponse.getDefaultInstance());
    assertEquals(List.of("1"), model.getVersionsList());
    assertEquals("BYTES", model.getInputs(0).getDatatype());
    assertEquals(List.of(-1L, 3L), model.getOutputs(0).getShapeList());
  }

  @Test
  void typedAndRawGiveWhatThePredictorGives() throws Exception {
    double[] first = direct(models.resolve("pictures"), 0);
    double[] second = direct(models.resolve("pictures"), 1);
    ModelInferResponse typed = infer(request("pictures", 0, 1).setId("a number").build());
    assertEquals("a number", typed.getId());
    assertEquals("probabilities", typed.getOutputs(0).getName());
    List<Float> scores = typed.getOutputs(0).getContents().getFp32ContentsList();
    assertScores(first, scores, 0);
    assertScores(second, scores, 1);
    assertEquals(2, typed.getOutputs(1).getContents().getBytesContentsCount());
    assertEquals(0, typed.getRawOutputContentsCount());

    ModelInferResponse raw = infer(raw("pictures", 0, 1));
    assertFalse(raw.getOutputs(0).hasContents());
    ByteBuffer bytes =
        raw.getRawOutputContents(0).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    for (float score : scores) {
      assertEquals(score, bytes.getFloat(), TOLERANCE);
    }
    assertFalse(bytes.hasRemaining());
  }

  @Test
  void onlyTheOutputsThatAreAskedFor() throws Exception {
    ModelInferRequest.Builder request = request("pictures", 2);
    request.addOutputsBuilder().setName("label");
    ModelInferResponse response = infer(request.build());
    assertEquals(1, response.getOutputsCount());
    assertEquals("label", response.getOutputs(0).getName());
  }

  @Test
  void theNewestVersionAnswersUnlessOneIsNamed() throws Exception {
    assertEquals("12", infer(request("versions", 0).build()).getModelVersion());
    ModelInferResponse old = infer(request("versions", 0).setModelVersion("1").build());
    assertEquals("1", old.getModelVersion());
    assertScores(
        direct(models.resolve("versions").resolve("1"), 0),
        old.getOutputs(0).getContents().getFp32ContentsList(),
        0);
  }

  private static void refused(
      GrpcStatus status, String says, Consumer<ModelInferRequest.Builder> change) {
    ModelInferRequest.Builder request = request("pictures", 0, 1);
    change.accept(request);
    StatusException e =
        fixture.refused(
            "ModelInfer", request.build(), ModelInferResponse.getDefaultInstance(), null);
    assertEquals(status, e.status(), e::message);
    assertTrue(e.message().contains(says), e::message);
  }

  @Test
  void requestsThatBreakTheRulesAreRefused() {
    GrpcStatus invalid = GrpcStatus.INVALID_ARGUMENT;
    refused(GrpcStatus.NOT_FOUND, "no model 'other'", r -> r.setModelName("other"));
    refused(GrpcStatus.NOT_FOUND, "no version 7", r -> r.setModelVersion("7"));
    refused(invalid, "whole numbers", r -> r.setModelVersion("../1"));
    refused(invalid, "letters, digits", r -> r.setModelName("../pictures"));
    refused(invalid, "letters, digits", r -> r.setModelName(""));
    refused(invalid, "one input", r -> r.clearInputs());
    refused(invalid, "one input", r -> r.getInputsBuilder(0).setName("other"));
    refused(invalid, "datatype", r -> r.getInputsBuilder(0).setDatatype("FP32"));
    refused(invalid, "the shape says 3", r -> r.getInputsBuilder(0).setShape(0, 3));
    refused(invalid, "the shape of", r -> r.getInputsBuilder(0).setShape(0, -1));
    refused(invalid, "the shape of", r -> r.getInputsBuilder(0).setShape(0, Long.MAX_VALUE));
    refused(invalid, "the shape of", r -> r.getInputsBuilder(0).addShape(3));
    refused(invalid, "not both", r -> r.addRawInputContents(ByteString.EMPTY));
    refused(
        invalid,
        "bytes_contents alone",
        r -> r.getInputsBuilder(0).getContentsBuilder().addFp32Contents(1));
    refused(invalid, "requested output", r -> r.addOutputsBuilder().setName("nothing"));
    refused(
        invalid,
        "a tiny picture has",
        r -> r.getInputsBuilder(0).getContentsBuilder().setBytesContents(1, ByteString.EMPTY));
  }

  @Test
  void rawContentsThatEndTooSoonAreRefused() {
    ByteString whole = raw("pictures", 0, 1).getRawInputContents(0);
    for (int length : new int[] {0, 3, 4, 100, whole.size() - 1}) {
      refused(
          GrpcStatus.INVALID_ARGUMENT,
          length == 0 ? "there are 0" : "within element",
          r -> {
            r.getInputsBuilder(0).clearContents();
            r.addRawInputContents(whole.substring(0, length));
          });
    }
    refused(
        GrpcStatus.INVALID_ARGUMENT,
        "go on after",
        r -> {
          r.getInputsBuilder(0).clearContents().setShape(0, 1);
          r.addRawInputContents(whole);
        });
    byte[] huge = {-1, -1, -1, 127, 0};
    refused(
        GrpcStatus.INVALID_ARGUMENT,
        "within element 0",
        r -> {
          r.getInputsBuilder(0).clearContents();
          r.addRawInputContents(ByteString.copyFrom(huge));
        });
  }

  @Test
  void modelsComeAndGo() throws Exception {
    RepositoryModelUnloadRequest unload =
        RepositoryModelUnloadRequest.newBuilder().setModelName("come-and-go").build();
    RepositoryModelLoadRequest load =
        RepositoryModelLoadRequest.newBuilder().setModelName("come-and-go").build();
    double[] before = scores("come-and-go");
    fixture.call(
        "RepositoryModelUnload", unload, RepositoryModelUnloadResponse.getDefaultInstance());
    assertEquals(
        GrpcStatus.NOT_FOUND,
        fixture
            .refused(
                "ModelInfer",
                request("come-and-go", 0).build(),
                ModelInferResponse.getDefaultInstance(),
                null)
            .status());
    fixture.call("RepositoryModelLoad", load, RepositoryModelLoadResponse.getDefaultInstance());
    assertArrayEquals(before, scores("come-and-go"), TOLERANCE);

    Fixture.bundle(models.resolve("come-and-go"), 99);
    fixture.call("RepositoryModelLoad", load, RepositoryModelLoadResponse.getDefaultInstance());
    assertArrayEquals(direct(models.resolve("come-and-go"), 0), scores("come-and-go"), TOLERANCE);

    Path manifest = models.resolve("come-and-go").resolve("graft.json");
    double[] last = scores("come-and-go");
    Files.writeString(manifest, "{}");
    assertEquals(
        GrpcStatus.UNAVAILABLE,
        fixture
            .refused(
                "RepositoryModelLoad", load, RepositoryModelLoadResponse.getDefaultInstance(), null)
            .status());
    assertArrayEquals(last, scores("come-and-go"), TOLERANCE, "what is loaded goes on");
  }

  private static double[] scores(String model) throws Exception {
    return infer(request(model, 0).build())
        .getOutputs(0)
        .getContents()
        .getFp32ContentsList()
        .stream()
        .mapToDouble(Float::doubleValue)
        .toArray();
  }

  @Test
  void theIndexTellsWhatIsReady() throws Exception {
    RepositoryIndexResponse index =
        fixture.call(
            "RepositoryIndex",
            RepositoryIndexRequest.getDefaultInstance(),
            RepositoryIndexResponse.getDefaultInstance());
    List<String> listed =
        index.getModelsList().stream()
            .map(m -> m.getName() + " " + m.getVersion() + " " + m.getState())
            .filter(line -> !line.startsWith("come-and-go"))
            .toList();
    assertEquals(
        List.of(
            "broken 1 UNAVAILABLE", "pictures 1 READY", "versions 1 READY", "versions 12 READY"),
        listed);
    assertFalse(
        fixture
            .call(
                "ModelReady",
                ModelReadyRequest.newBuilder().setName("broken").build(),
                ModelReadyResponse.getDefaultInstance())
            .getReady());
  }

  @Test
  void statisticsCountWhatWasAnsweredAndRefused() throws Exception {
    ModelStatisticsRequest request =
        ModelStatisticsRequest.newBuilder().setName("versions").setVersion("1").build();
    ModelStatisticsResponse form = ModelStatisticsResponse.getDefaultInstance();
    ModelStatisticsResponse before = fixture.call("ModelStatistics", request, form);
    infer(request("versions", 0, 1, 2).setModelVersion("1").build());
    fixture.refused(
        "ModelInfer",
        request("versions", 0).setModelVersion("1").clearInputs().build(),
        ModelInferResponse.getDefaultInstance(),
        null);
    ModelStatisticsResponse after = fixture.call("ModelStatistics", request, form);
    assertEquals(
        before.getModelStats(0).getInferenceCount() + 3,
        after.getModelStats(0).getInferenceCount());
    assertEquals(
        before.getModelStats(0).getInferenceStats().getFail().getCount() + 1,
        after.getModelStats(0).getInferenceStats().getFail().getCount());
  }
}
