package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.data.TensorInput;
import dev.graft.server.access.Refusal;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.tensor.DType;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorRowsTest {

  private static final TensorInput IDS =
      TensorInput.required("ids", List.of(DType.INT64, DType.INT32), -1);
  private static final TensorInput WIDE =
      TensorInput.required("wide", List.of(DType.INT64), -1, -1, -1);

  private static ModelInferRequest.Builder with(
      ModelInferRequest.Builder request, String name, int rows, int columns) {
    ModelInferRequest.InferInputTensor.Builder input =
        request.addInputsBuilder().setName(name).setDatatype("INT32");
    input.addShape(rows).addShape(columns);
    for (int i = 0; i < rows * columns; i++) {
      input.getContentsBuilder().addIntContents(i);
    }
    return request;
  }

  private static int rows(List<TensorInput> inputs, ModelInferRequest.Builder request) {
    return new TensorRows(inputs).of(request.build()).size();
  }

  private static void refused(
      String says, List<TensorInput> inputs, ModelInferRequest.Builder request) {
    String message = assertThrows(Refusal.class, () -> rows(inputs, request)).getMessage();
    assertTrue(message.contains(says), message);
  }

  @Test
  void optionalInputsMayLackButNotDiffer() {
    List<TensorInput> inputs = List.of(IDS, IDS.beside("mask"));
    assertEquals(2, rows(inputs, with(ModelInferRequest.newBuilder(), "ids", 2, 3)));
    assertEquals(
        2, rows(inputs, with(with(ModelInferRequest.newBuilder(), "mask", 2, 3), "ids", 2, 3)));
    refused(
        "'ids' has a row for each of the 2",
        inputs,
        with(ModelInferRequest.newBuilder(), "mask", 2, 3));
    refused(
        "a row for each",
        inputs,
        with(with(ModelInferRequest.newBuilder(), "ids", 2, 3), "mask", 1, 3));
    refused(
        "is there twice",
        inputs,
        with(with(ModelInferRequest.newBuilder(), "ids", 2, 3), "ids", 2, 3));
    refused("none of this model's", inputs, with(ModelInferRequest.newBuilder(), "other", 2, 3));
  }

  @Test
  void productsThatOverflowAreRefusedBeforeMemoryIsTaken() {
    ModelInferRequest.Builder request = ModelInferRequest.newBuilder();
    request
        .addInputsBuilder()
        .setName("wide")
        .setDatatype("INT64")
        .addAllShape(List.of(1L, 1L << 31, 1L << 31, 2L));
    refused("too large", List.of(WIDE), request);
    request.getInputsBuilder(0).setShape(3, 1).setShape(2, 1L << 29);
    refused("too large", List.of(WIDE), request);
    request.getInputsBuilder(0).setShape(2, 1L << 28);
    refused("there are 0", List.of(WIDE), request);
  }
}
