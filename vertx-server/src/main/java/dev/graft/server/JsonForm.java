package dev.graft.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.graft.server.access.Refusal;
import dev.graft.server.protocol.InferParameter;
import dev.graft.server.protocol.InferTensorContents;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelInferResponse;
import dev.graft.server.protocol.ModelMetadataResponse;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.List;

/**
 * Requests and responses as JSON has them.
 *
 * <p>Elements of BYTES are strings: texts as they are, other content in Base64 where the input's
 * parameter {@code content_type} is {@code base64}. With the binary extension the content follows
 * the JSON: the header {@code Inference-Header-Content-Length} tells where, the parameter {@code
 * binary_data_size} how much.
 */
final class JsonForm {

  private static final String PARAMETERS = "parameters";
  private static final String BINARY = "binary_data_size";

  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();

  private JsonForm() {}

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
      parameters(request, json.getJsonObject(PARAMETERS, new JsonObject()));
      int from = jsonLength;
      for (Object each : json.getJsonArray("inputs", new JsonArray())) {
        from = input(request, (JsonObject) each, body, from);
      }
      for (Object each : json.getJsonArray("outputs", new JsonArray())) {
        request.addOutputsBuilder().setName(((JsonObject) each).getString("name", ""));
      }
      if (from != body.length()) {
        throw Refusal.invalid("%d bytes belong to no input", body.length() - from);
      }
      return request.build();
    } catch (DecodeException
        | ClassCastException
        | NullPointerException
        | ArithmeticException
        | NumberFormatException e) {
      throw Refusal.invalid("the body is no inference request in JSON");
    }
  }

  private static void parameters(ModelInferRequest.Builder request, JsonObject parameters) {
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
      request.putParameters(name, parameter.build());
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
      input.addShape(((Number) size).longValue());
    }
    JsonObject parameters = json.getJsonObject(PARAMETERS, new JsonObject());
    if (parameters.containsKey(BINARY)) {
      long size = parameters.getLong(BINARY);
      if (size < 0 || size > body.length() - from) {
        throw Refusal.invalid("%s is %d, %d bytes are left", BINARY, size, body.length() - from);
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
          case "INT32" -> contents.addIntContents(whole(element, Integer.MIN_VALUE));
          case "UINT8" -> contents.addUintContents(whole(element, 0));
          case "INT64" ->
              contents.addInt64Contents(new BigDecimal(element.toString()).longValueExact());
          default -> contents.addBytesContents(bytes((String) element, base64));
        }
      }
    }
  }

  private static int whole(Object element, int least) {
    int value = new BigDecimal(element.toString()).intValueExact();
    if (value < least) {
      throw Refusal.invalid("an element is %d; the least is %d", value, least);
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

  /** A response with typed contents. */
  static JsonObject response(ModelInferResponse response) {
    JsonArray outputs = new JsonArray();
    for (ModelInferResponse.InferOutputTensor output : response.getOutputsList()) {
      outputs.add(
          new JsonObject()
              .put("name", output.getName())
              .put("datatype", output.getDatatype())
              .put("shape", new JsonArray(output.getShapeList()))
              .put("data", data(output.getContents())));
    }
    JsonObject json =
        new JsonObject()
            .put("model_name", response.getModelName())
            .put("model_version", response.getModelVersion())
            .put("outputs", outputs);
    return response.getId().isEmpty() ? json : json.put("id", response.getId());
  }

  private static JsonArray data(InferTensorContents contents) {
    JsonArray data = new JsonArray();
    contents.getFp32ContentsList().forEach(data::add);
    contents.getFp64ContentsList().forEach(data::add);
    contents.getBytesContentsList().forEach(bytes -> data.add(bytes.toStringUtf8()));
    return data;
  }

  /** What a model takes and gives. */
  static JsonObject metadata(ModelMetadataResponse metadata) {
    return new JsonObject()
        .put("name", metadata.getName())
        .put("versions", new JsonArray(metadata.getVersionsList()))
        .put("platform", metadata.getPlatform())
        .put("inputs", tensors(metadata.getInputsList()))
        .put("outputs", tensors(metadata.getOutputsList()));
  }

  /** A message in the usual JSON form of its kind, with the names of its definition. */
  static JsonObject of(Message message) {
    try {
      return new JsonObject(PRINTER.print(message));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a message of ours has no JSON form", e);
    }
  }

  /**
   * Reads a message in that form.
   *
   * @throws Refusal if it is none
   */
  static <M extends Message> M message(M form, Buffer body) {
    Message.Builder builder = form.newBuilderForType();
    try {
      JsonFormat.parser().merge(body.length() == 0 ? "{}" : body.toString(), builder);
    } catch (InvalidProtocolBufferException e) {
      throw Refusal.invalid("the body is no %s in JSON", form.getDescriptorForType().getName());
    }
    @SuppressWarnings("unchecked") // A builder builds what it was made by.
    M message = (M) builder.build();
    return message;
  }

  private static JsonArray tensors(List<ModelMetadataResponse.TensorMetadata> tensors) {
    JsonArray array = new JsonArray();
    for (ModelMetadataResponse.TensorMetadata tensor : tensors) {
      array.add(
          new JsonObject()
              .put("name", tensor.getName())
              .put("datatype", tensor.getDatatype())
              .put("shape", new JsonArray(tensor.getShapeList())));
    }
    return array;
  }
}
