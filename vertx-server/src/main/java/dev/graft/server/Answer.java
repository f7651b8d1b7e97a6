package dev.graft.server;

import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelInferResponse;
import java.util.List;

/**
 * What a model answers to a request, in no form yet: {@link #message()} is that of gRPC, {@link
 * JsonInference} has that of HTTP.
 *
 * @param version of the model
 * @param outputs in the order in which the request names them; all where it names none
 */
record Answer(ModelInferRequest request, String version, List<Contents.Output> outputs) {

  /** Number of inputs that are answered. */
  int rows() {
    return outputs.get(0).shape().get(0).intValue();
  }

  /** As gRPC has it: raw where the request is, else typed. */
  ModelInferResponse message() {
    ModelInferResponse.Builder response =
        ModelInferResponse.newBuilder()
            .setModelName(request.getModelName())
            .setModelVersion(version)
            .setId(request.getId());
    boolean raw = request.getRawInputContentsCount() > 0;
    for (Contents.Output output : outputs) {
      ModelInferResponse.InferOutputTensor.Builder tensor = response.addOutputsBuilder();
      tensor.setName(output.name()).setDatatype(output.datatype()).addAllShape(output.shape());
      if (raw) {
        response.addRawOutputContents(output.raw());
      } else {
        tensor.setContents(output.typed());
      }
    }
    return response.build();
  }
}
