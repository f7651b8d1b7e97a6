package dev.graft.server;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.graft.server.access.Refusal;
import dev.graft.server.protocol.ModelMetadataResponse;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Messages as JSON has them; {@link JsonInference} has those for predictions. */
final class JsonForm {

  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();

  private JsonForm() {}

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
