package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.graft.server.protocol.InferTensorContents;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelInferResponse;
import dev.graft.server.protocol.ModelMetadataRequest;
import dev.graft.server.protocol.ModelMetadataResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.StatusException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pictures as tensors, against what the same pictures get as files. */
@Timeout(120)
class TensorInputTest {

  private static final int SIDE = 8;
  private static final int VALUES = 3 * SIDE * SIDE;
  private static final double TOLERANCE = 1e-5;
  private static final ModelInferResponse FORM = ModelInferResponse.getDefaultInstance();

  @TempDir static Path models;
  private static Fixture fixture;

  @BeforeAll
  static void start() throws Exception {
    Fixture.bundle(models.resolve("pictures"), 1);
    fixture = new Fixture(ServerOptions.of(models));
  }

  @AfterAll
  static void stop() throws Exception {
    fixture.close();
  }

  /** The values of a picture, channel by channel. */
  private static int[] planes(int picture) {
    byte[] pixels = Fixture.picture(picture);
    int[] planes = new int[VALUES];
    for (int i = 0; i < VALUES; i++) {
      planes[i] = pixels[i % (SIDE * SIDE) * 3 + i / (SIDE * SIDE)] & 0xFF;
    }
    return planes;
  }

  private static ModelInferRequest.Builder request(String datatype, int rows) {
    ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName("pictures");
    request
        .addInputsBuilder()
        .setName("pixels")
        .setDatatype(datatype)
        .addAllShape(List.of((long) rows, 3L, (long) SIDE, (long) SIDE));
    return request;
  }

  private static ModelInferRequest.Builder typed(int... pictures) {
    ModelInferRequest.Builder request = request("FP32", pictures.length);
    InferTensorContents.Builder contents = request.getInputsBuilder(0).getContentsBuilder();
    for (int picture : pictures) {
      for (int value : planes(picture)) {
        contents.addFp32Contents(value);
      }
    }
    return request;
  }

  private static ModelInferRequest.Builder raw(int... pictures) {
    ByteBuffer buffer =
        ByteBuffer.allocate(pictures.length * VALUES * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int picture : pictures) {
      for (int value : planes(picture)) {
        buffer.putFloat(value);
      }
    }
    return request("FP32", pictures.length).addRawInputContents(ByteString.copyFrom(buffer.flip()));
  }

  private static ModelInferRequest.Builder bytes(int picture) {
    ByteBuffer buffer = ByteBuffer.allocate(VALUES);
    for (int value : planes(picture)) {
      buffer.put((byte) value);
    }
    return request("UINT8", 1).addRawInputContents(ByteString.copyFrom(buffer.flip()));
  }

  private static double[] infer(ModelInferRequest.Builder request) throws Exception {
    ModelInferResponse answer = fixture.call("ModelInfer", request.build(), FORM);
    if (answer.getRawOutputContentsCount() == 0) {
      return answer.getOutputs(0).getContents().getFp32ContentsList().stream()
          .mapToDouble(Float::doubleValue)
          .toArray();
    }
    ByteBuffer raw =
        answer.getRawOutputContents(0).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    double[] scores = new double[raw.remaining() / Float.BYTES];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = raw.getFloat();
    }
    return scores;
  }

  @Test
  void eachFormGivesWhatTheFileGives() throws Exception {
    double[] first = GrpcApiTest.direct(models.resolve("pictures"), 0);
    double[] second = GrpcApiTest.direct(models.resolve("pictures"), 1);
    double[] both = new double[6];
    System.arraycopy(first, 0, both, 0, 3);
    System.arraycopy(second, 0, both, 3, 3);
    assertArrayEquals(both, infer(typed(0, 1)), TOLERANCE);
    assertArrayEquals(both, infer(raw(0, 1)), TOLERANCE);
    assertArrayEquals(second, infer(bytes(1)), TOLERANCE);
    ModelInferRequest.Builder small = request("UINT8", 1);
    for (int value : planes(0)) {
      small.getInputsBuilder(0).getContentsBuilder().addUintContents(value);
    }
    assertArrayEquals(first, infer(small), TOLERANCE);
  }

  @Test
  void halfPrecisionIsRawAlone() throws Exception {
    ByteBuffer zeros = ByteBuffer.allocate(VALUES * 2);
    double[] black = infer(request("FP16", 1).addRawInputContents(ByteString.copyFrom(zeros)));
    assertEquals(1, black[0] + black[1] + black[2], TOLERANCE);
    ModelInferRequest.Builder typed = typed(0);
    refused("raw contents alone", typed, r -> r.getInputsBuilder(0).setDatatype("FP16"));
  }

  @Test
  void theSameInJson() throws Exception {
    JsonArray data = new JsonArray();
    for (int c = 0; c < 3; c++) {
      JsonArray plane = new JsonArray();
      for (int i = 0; i < SIDE * SIDE; i++) {
        plane.add(planes(0)[c * SIDE * SIDE + i]);
      }
      data.add(plane);
    }
    JsonObject input =
        new JsonObject()
            .put("name", "pixels")
            .put("datatype", "FP32")
            .put("shape", List.of(1, 3, SIDE, SIDE))
            .put("data", data);
    HttpResponse<String> answer = post(new JsonObject().put("inputs", List.of(input)));
    assertEquals(200, answer.statusCode(), answer::body);
    JsonArray scores =
        new JsonObject(answer.body()).getJsonArray("outputs").getJsonObject(0).getJsonArray("data");
    double[] expected = GrpcApiTest.direct(models.resolve("pictures"), 0);
    for (int i = 0; i < 3; i++) {
      assertEquals(expected[i], scores.getDouble(i), TOLERANCE);
    }
    input.put("datatype", "UINT8").put("data", List.of(1.5));
    assertEquals(400, post(new JsonObject().put("inputs", List.of(input))).statusCode());
    input.put("datatype", "INT64").put("data", List.of("9223372036854775808"));
    assertEquals(400, post(new JsonObject().put("inputs", List.of(input))).statusCode());
  }

  private static HttpResponse<String> post(JsonObject body) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(fixture.uri("/v2/models/pictures/infer"))
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static void refused(
      String says, ModelInferRequest.Builder request, Consumer<ModelInferRequest.Builder> change) {
    change.accept(request);
    StatusException e = fixture.refused("ModelInfer", request.build(), FORM, null);
    assertEquals(GrpcStatus.INVALID_ARGUMENT, e.status(), e::message);
    assertTrue(e.message().contains(says), e::message);
  }

  @Test
  void whatBreaksTheRulesIsRefused() {
    refused("of datatype [FP32, UINT8", raw(0), r -> r.getInputsBuilder(0).setDatatype("INT64"));
    refused("of datatype", raw(0), r -> r.getInputsBuilder(0).setDatatype("COMPLEX"));
    refused("the shape of", raw(0), r -> r.getInputsBuilder(0).clearShape());
    refused("the shape of", raw(0), r -> r.getInputsBuilder(0).addShape(1));
    refused("the shape of", raw(0), r -> r.getInputsBuilder(0).setShape(0, 0));
    refused("the shape of", raw(0), r -> r.getInputsBuilder(0).setShape(0, -1));
    refused("the shape of", raw(0), r -> r.getInputsBuilder(0).setShape(0, Long.MIN_VALUE));
    refused("the shape of", raw(0), r -> r.getInputsBuilder(0).setShape(0, 1L << 33));
    refused("the shape of", raw(0), r -> r.getInputsBuilder(0).setShape(2, 1L << 62));
    refused("takes 1536 bytes", raw(0), r -> r.getInputsBuilder(0).setShape(0, 2));
    refused("takes 768 bytes", raw(0, 1), r -> r.getInputsBuilder(0).setShape(0, 1));
    refused("192 elements, there are 384", typed(0, 1), r -> r.getInputsBuilder(0).setShape(0, 1));
    refused("not both", raw(0), r -> r.getInputsBuilder(0).getContentsBuilder().addFp32Contents(1));
    refused("2 raw contents", raw(0), r -> r.addRawInputContents(ByteString.EMPTY));
    refused(
        "one field alone",
        typed(0),
        r -> r.getInputsBuilder(0).getContentsBuilder().addInt64Contents(1));
    refused("some of [pixels]", typed(0), r -> r.addInputs(r.getInputs(0)));
    refused(
        "beyond 255",
        request("UINT8", 1),
        r -> {
          for (int i = 0; i < VALUES; i++) {
            r.getInputsBuilder(0).getContentsBuilder().addUintContents(256);
          }
        });
  }

  @Test
  void metadataTellWhatIsRead() throws Exception {
    ModelMetadataResponse model =
        fixture.call(
            "ModelMetadata",
            ModelMetadataRequest.newBuilder().setName("pictures").build(),
            ModelMetadataResponse.getDefaultInstance());
    assertEquals("pixels", model.getInputs(1).getName());
    assertEquals("FP32", model.getInputs(1).getDatatype());
    assertEquals(List.of(-1L, 3L, 8L, 8L), model.getInputs(1).getShapeList());
  }
}
