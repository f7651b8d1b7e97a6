package dev.graft.server;

import com.google.protobuf.ByteString;
import dev.graft.server.access.Refusal;
import dev.graft.server.protocol.InferParameter;
import dev.graft.server.protocol.InferTensorContents;
import dev.graft.server.protocol.ModelInferRequest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Requests for predictions and their answers as JSON has them.
 *
 * <p>Elements of BYTES are strings: texts as they are, other content in Base64 where the input's
 * parameter {@code content_type} is {@code base64}. With the protocol's extension for binary tensor
 * data the content follows the JSON: the header {@code Inference-Header-Content-Length} tells
 * where, the parameter {@value #SIZE} how much. Outputs are given so where the request says {@value
 * #BINARY}, as a parameter of an output, or {@value #ALL_BINARY}, as one of its own.
 */
final class JsonInference {

  private static final String PARAMETERS = "parameters";
  private static final String SIZE = "binary_data_size";
  private static final String BINARY = "binary_data";
  private static final String ALL_BINARY = "binary_data_output";

  /**
   * An answer.
   *
   * @param tail what follows the JSON; empty where no output is binary
   */
  record Body(JsonObject json, Buffer tail) {}

  private JsonInference() {}

  /**
   * Reads a request.
   *
   * @param jsonLength bytes of the JSON at the beginning; the rest is binary content
   * @throws Refusal if it is not one
   */
  static ModelInferRequest request(String model, String version, Buffer body, int jsonLength) {
    if (jsonLength < 0 || jsonLength > body.length()) {
      throw Refusal.invalid(
          "the header says %d bytes of JSON, the body has %d", jsonLength, body.length());
    }
    try {
      JsonObject json = new JsonObject(body.slice(0, jsonLength));
      ModelInferRequest.Builder request =
          ModelInferRequest.newBuilder()
              .setModelName(model)
              .setModelVersion(version)
              .setId(json.getString("id", ""));
      parameters(json, request::putParameters);
      int from = jsonLength;
      for (Object each : json.getJsonArray("inputs", new JsonArray())) {
        from = input(request, (JsonObject) each, body, from);
      }
      for (Object each : json.getJsonArray("outputs", new JsonArray())) {
        JsonObject output = (JsonObject) each;
        parameters(
            output,
            request.addOutputsBuilder().setName(output.getString("name", ""))::putParameters);
      }
      if (from != body.length()) {
        throw Refusal.invalid("%d bytes belong to no input", body.length() - from);
      }
      int binary = request.getRawInputContentsCount();
      if (binary > 0 && binary != request.getInputsCount()) {
        throw Refusal.invalid(
            "%d of %d inputs have %s; give it for all of them, or data in the JSON for all",
            binary, request.getInputsCount(), SIZE);
      }
      ModelInferRequest read = request.build();
      checkFlags(read);
      return read;
    } catch (DecodeException | ClassCastException | NullPointerException e) {
      throw Refusal.invalid("the body is no inference request in JSON");
    }
  }

  /** Refuses now what else would be read only once the answer is computed. */
  private static void checkFlags(ModelInferRequest request) {
    var unused = Parameters.flag(request.getParametersMap(), ALL_BINARY, false);
    for (ModelInferRequest.InferRequestedOutputTensor output : request.getOutputsList()) {
      var unusedToo = Parameters.flag(output.getParametersMap(), BINARY, false);
    }
  }

  private static void parameters(JsonObject of, BiConsumer<String, InferParameter> put) {
    JsonObject parameters = of.getJsonObject(PARAMETERS, new JsonObject());
    for (String name : parameters.fieldNames()) {
      InferParameter.Builder parameter = InferParameter.newBuilder();
      Object value = parameters.getValue(name);
      if (value instanceof Integer || value instanceof Long) {
        parameter.setInt64Param(((Number) value).longValue());
      } else if (value instanceof Number number) {
        parameter.setDoubleParam(number.doubleValue());
      } else if (value instanceof Boolean flag) {
        parameter.setBoolParam(flag);
      } else if (value instanceof String text) {
        parameter.setStringParam(text);
      } else {
        throw Refusal.invalid("parameters are numbers, strings, true or false");
      }
      put.accept(name, parameter.build());
    }
  }

  /** Returns where the next binary content begins. */
  private static int input(
      ModelInferRequest.Builder request, JsonObject json, Buffer body, int from) {
    ModelInferRequest.InferInputTensor.Builder input =
        request
            .addInputsBuilder()
            .setName(json.getString("name"))
            .setDatatype(json.getString("datatype"));
    for (Object size : json.getJsonArray("shape")) {
      input.addShape(whole(size, Long.MIN_VALUE, Long.MAX_VALUE));
    }
    JsonObject parameters = json.getJsonObject(PARAMETERS, new JsonObject());
    if (parameters.containsKey(SIZE)) {
      long size = whole(parameters.getValue(SIZE), Long.MIN_VALUE, Long.MAX_VALUE);
      if (size < 0 || size > body.length() - from) {
        throw Refusal.invalid("%s is %d, %d bytes are left", SIZE, size, body.length() - from);
      }
      int end = from + (int) size;
      request.addRawInputContents(ByteString.copyFrom(body.getBytes(from, end)));
      return end;
    }
    boolean base64 = "base64".equals(parameters.getString("content_type"));
    InferTensorContents.Builder contents = InferTensorContents.newBuilder();
    data(json.getJsonArray("data"), input.getDatatype(), base64, contents);
    input.setContents(contents);
    return from;
  }

  /** Elements in row-major order; arrays may stand within each other as the shape has it. */
  private static void data(
      JsonArray data, String datatype, boolean base64, InferTensorContents.Builder contents) {
    for (Object element : data) {
      if (element instanceof JsonArray inner) {
        data(inner, datatype, base64, contents);
      } else {
        switch (datatype) {
          case "FP32" -> contents.addFp32Contents(((Number) element).floatValue());
          case "INT32" ->
              contents.addIntContents((int) whole(element, Integer.MIN_VALUE, Integer.MAX_VALUE));
          case "UINT8" -> contents.addUintContents((int) whole(element, 0, 255));
          case "INT64" -> contents.addInt64Contents(whole(element, Long.MIN_VALUE, Long.MAX_VALUE));
          default -> contents.addBytesContents(bytes((String) element, base64));
        }
      }
    }
  }

  /**
   * A whole number; 3.0 is one. What JSON gives as anything but an int, a long or a double has more
   * digits than any of them and is not looked at: time to read digits grows with their square.
   */
  private static long whole(Object element, long least, long most) {
    long value;
    if (element instanceof Integer || element instanceof Long) {
      value = ((Number) element).longValue();
    } else if (element instanceof Double number
        && number == Math.rint(number)
        && Math.abs(number) < 0x1p63) {
      value = number.longValue();
    } else {
      throw Refusal.invalid(
          "%s is no whole number from %d to %d; write it in digits, without quotes",
          element instanceof Double ? element : "an element", least, most);
    }
    if (value < least || value > most) {
      throw Refusal.invalid("a number is %d; give one from %d to %d", value, least, most);
    }
    return value;
  }

  private static ByteString bytes(String element, boolean base64) {
    if (!base64) {
      return ByteString.copyFromUtf8(element);
    }
    try {
      return ByteString.copyFrom(Base64.getDecoder().decode(element));
    } catch (IllegalArgumentException e) {
      throw Refusal.invalid("an element is not in Base64");
    }
  }

  /** An answer, each output in the JSON or behind it as the request says. */
  static Body response(Answer answer) {
    ModelInferRequest request = answer.request();
    boolean allBinary = Parameters.flag(request.getParametersMap(), ALL_BINARY, false);
    JsonArray outputs = new JsonArray();
    Buffer tail = Buffer.buffer();
    for (int i = 0; i < answer.outputs().size(); i++) {
      Contents.Output output = answer.outputs().get(i);
      Map<String, InferParameter> asked =
          request.getOutputsCount() == 0 ? Map.of() : request.getOutputs(i).getParametersMap();
      JsonObject json =
          new JsonObject()
              .put("name", output.name())
              .put("datatype", output.datatype())
              .put("shape", new JsonArray(output.shape()));
      if (Parameters.flag(asked, BINARY, allBinary)) {
        byte[] raw = output.raw().toByteArray();
        tail.appendBytes(raw);
        json.put(PARAMETERS, new JsonObject().put(SIZE, raw.length));
      } else {
        json.put("data", data(output.typed()));
      }
      outputs.add(json);
    }
    JsonObject json =
        new JsonObject()
            .put("model_name", request.getModelName())
            .put("model_version", answer.version())
            .put("outputs", outputs);
    return new Body(request.getId().isEmpty() ? json : json.put("id", request.getId()), tail);
  }

  private static JsonArray data(InferTensorContents contents) {
    JsonArray data = new JsonArray();
    contents.getFp32ContentsList().forEach(data::add);
    contents.getFp64ContentsList().forEach(data::add);
    contents.getBytesContentsList().forEach(bytes -> data.add(bytes.toStringUtf8()));
    return data;
  }
}
