package dev.graft.server;

import dev.graft.data.TensorInput;
import dev.graft.server.protocol.DataType;
import dev.graft.server.protocol.ModelConfig;
import dev.graft.server.protocol.ModelMetadataResponse;
import dev.graft.server.protocol.ModelMetadataResponse.TensorMetadata;
import dev.graft.server.protocol.ModelParameter;
import io.vertx.core.json.JsonArray;
import java.util.List;

/** Says in the words of the protocol what a model takes and gives. */
final class Descriptions {

  private static final String PLATFORM = "graft";

  private Descriptions() {}

  /** What a model takes and gives. */
  static ModelMetadataResponse metadata(ServedModel model) {
    ModelMetadataResponse.Builder response =
        ModelMetadataResponse.newBuilder()
            .setName(model.name())
            .addVersions(model.version())
            .setPlatform(PLATFORM)
            .addInputs(tensor(Contents.INPUT, Contents.BYTES, -1));
    model.predictor().tensorInputs().forEach(input -> response.addInputs(tensor(input)));
    return response.addAllOutputs(Outputs.of(model)).build();
  }

  /** The same as Triton's clients read it, with the labels and the kind of input. */
  static ModelConfig config(ServedModel model) {
    ModelMetadataResponse metadata = metadata(model);
    ModelConfig.Builder config =
        ModelConfig.newBuilder()
            .setName(model.name())
            .setPlatform(PLATFORM)
            .setBackend(PLATFORM)
            .setMaxBatchSize(Contents.MAX_ROWS)
            .putParameters("modality", parameter(model.predictor().manifest().modality()))
            .putParameters("labels", parameter(new JsonArray(model.labels()).encode()));
    for (TensorMetadata input : metadata.getInputsList()) {
      config
          .addInputBuilder()
          .setName(input.getName())
          .setDataType(type(input.getDatatype()))
          .addAllDims(perExample(input));
    }
    for (TensorMetadata output : metadata.getOutputsList()) {
      config
          .addOutputBuilder()
          .setName(output.getName())
          .setDataType(type(output.getDatatype()))
          .addAllDims(perExample(output));
    }
    return config.build();
  }

  private static ModelParameter parameter(String value) {
    return ModelParameter.newBuilder().setStringValue(value).build();
  }

  private static List<Long> perExample(TensorMetadata tensor) {
    List<Long> sizes = tensor.getShapeList();
    return sizes.size() == 1 ? List.of(1L) : sizes.subList(1, sizes.size());
  }

  private static DataType type(String datatype) {
    return datatype.equals(Contents.BYTES)
        ? DataType.TYPE_STRING
        : DataType.valueOf("TYPE_" + datatype);
  }

  private static TensorMetadata tensor(TensorInput input) {
    return TensorMetadata.newBuilder()
        .setName(input.name())
        .setDatatype(TensorRows.datatype(input.types().get(0)))
        .addShape(-1)
        .addAllShape(input.shape())
        .build();
  }

  static TensorMetadata tensor(String name, String datatype, long... shape) {
    TensorMetadata.Builder tensor = TensorMetadata.newBuilder().setName(name).setDatatype(datatype);
    for (long size : shape) {
      tensor.addShape(size);
    }
    return tensor.build();
  }
}
