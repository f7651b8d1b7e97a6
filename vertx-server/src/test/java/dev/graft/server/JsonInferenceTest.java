package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.server.access.Refusal;
import dev.graft.server.protocol.ModelInferRequest.InferInputTensor;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcStatus;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonInferenceTest {

  private static InferInputTensor input(String datatype, String shape, String data) {
    Buffer body =
        Buffer.buffer(
            "{\"inputs\": [{\"name\": \"x\", \"datatype\": \"%s\", \"shape\": [%s], \"data\": [%s]}]}"
                .formatted(datatype, shape, data));
    return JsonInference.request("model", "", body, body.length()).getInputs(0);
  }

  @Test
  void wholeNumbersAreRead() {
    assertEquals(
        List.of(1L, -2L, 3L, Long.MAX_VALUE),
        input("INT64", "4", "1, -2, 3.0, 9223372036854775807")
            .getContents()
            .getInt64ContentsList());
    assertEquals(
        List.of(Integer.MIN_VALUE),
        input("INT32", "1", "-2147483648").getContents().getIntContentsList());
    assertEquals(
        List.of(0, 255), input("UINT8", "2", "0, 255").getContents().getUintContentsList());
    assertEquals(List.of(2L, -1L), input("INT64", "2, -1", "").getShapeList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "INT64 ! 1 ! \"7\" ! without quotes",
        "INT32 ! 1 ! \"7\" ! without quotes",
        "UINT8 ! 1 ! \"7\" ! without quotes",
        "FP32 ! 1 ! \"7\" ! no inference request",
        "INT64 ! 1 ! null ! no whole number",
        "INT64 ! 1 ! 9223372036854775808 ! no whole number",
        "INT64 ! 1 ! 1e300 ! no whole number",
        "INT64 ! 1 ! 1e999999999 ! no whole number",
        "INT64 ! 1 ! 1.5 ! 1.5 is no whole number",
        "INT32 ! 1 ! 2147483648 ! a number is 2147483648; give one from -2147483648 to 2147483647",
        "UINT8 ! 1 ! -1 ! a number is -1; give one from 0 to 255",
        "UINT8 ! 1 ! 256 ! a number is 256; give one from 0 to 255",
        "INT64 ! 1.9 ! 1 ! 1.9 is no whole number",
        "INT64 ! \"1\" ! 1 ! without quotes",
        "INT64 ! 9223372036854775808 ! 1 ! no whole number"
      })
  void whatIsNoWholeNumberIsRefused(String datatype, String shape, String data, String says) {
    Refusal refusal = assertThrows(Refusal.class, () -> input(datatype, shape, data));
    assertEquals(GrpcStatus.INVALID_ARGUMENT, refusal.status());
    assertTrue(refusal.getMessage().contains(says), refusal::getMessage);
  }

  /** Refused as the request is read: nothing is computed for it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"parameters\": {\"binary_data_output\": \"yes\"}, \"outputs\": []",
        "\"outputs\": [{\"name\": \"value\", \"parameters\": {\"binary_data\": 1}}]"
      })
  void flagsThatAreNeitherTrueNorFalseAreRefusedBeforeAnAnswer(String wrong) {
    Buffer body = Buffer.buffer("{\"inputs\": [], " + wrong + "}");
    Refusal refusal =
        assertThrows(Refusal.class, () -> JsonInference.request("model", "", body, body.length()));
    assertEquals(GrpcStatus.INVALID_ARGUMENT, refusal.status());
    assertTrue(refusal.getMessage().contains("is true or false"), refusal::getMessage);
  }

  @Test
  void noNumberHasManyDigits() {
    String digits = "9".repeat(5_000_000);
    for (String data : List.of(digits, '"' + digits + '"')) {
      Refusal refusal = assertThrows(Refusal.class, () -> input("INT64", "1", data));
      assertEquals(GrpcStatus.INVALID_ARGUMENT, refusal.status());
      assertTrue(refusal.getMessage().length() < 200, "the digits are not repeated");
    }
  }
}
