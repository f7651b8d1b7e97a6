package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.server.protocol.ModelConfig;
import dev.graft.server.protocol.ModelConfigRequest;
import dev.graft.server.protocol.ModelConfigResponse;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelInferResponse;
import dev.graft.server.protocol.ModelStreamInferResponse;
import io.vertx.core.Future;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.common.GrpcStatus;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many requests on one call, and what a model says of itself over gRPC. */
@Timeout(300)
class StreamInferTest {

  @TempDir private Path models;
  private Fixture fixture;

  @BeforeEach
  void start() throws Exception {
    Fixture.bundle(models.resolve("pictures"), 1);
    fixture = new Fixture(ServerOptions.of(models));
  }

  @AfterEach
  void stop() throws Exception {
    fixture.close();
  }

  private static ModelInferRequest request(String id, String model, int picture) {
    return Fixture.request(model, picture).setId(id).build();
  }

  private List<ModelStreamInferResponse> stream(List<ModelInferRequest> requests) throws Exception {
    GrpcClientRequest<ModelInferRequest, ModelStreamInferResponse> call =
        Fixture.await(
            fixture.open(
                Fixture.INFERENCE,
                "ModelStreamInfer",
                ModelStreamInferResponse.getDefaultInstance()));
    Future<List<ModelStreamInferResponse>> answers =
        call.response()
            .compose(
                response ->
                    response
                        .collect(Collectors.toList())
                        .onSuccess(all -> assertEquals(GrpcStatus.OK, response.status())));
    requests.forEach(call::write);
    var unused = call.end();
    return Fixture.await(answers);
  }

  @Test
  void eachRequestIsAnsweredInItsTurn() throws Exception {
    List<ModelStreamInferResponse> answers =
        stream(
            List.of(
                request("a", "pictures", 0),
                request("b", "nobody", 0),
                request("c", "pictures", 1)));
    assertEquals(3, answers.size());
    assertEquals("a", answers.get(0).getInferResponse().getId());
    assertTrue(answers.get(1).getErrorMessage().contains("no model 'nobody'"), "" + answers.get(1));
    assertEquals("c", answers.get(2).getInferResponse().getId());
    for (int i = 0; i <= 1; i++) {
      ModelInferResponse alone =
          fixture.call(
              "ModelInfer", request("", "pictures", i), ModelInferResponse.getDefaultInstance());
      assertEquals(
          alone.getOutputs(0).getContents(),
          answers.get(2 * i).getInferResponse().getOutputs(0).getContents());
    }
  }

  @Test
  void aStreamWithoutRequestsEndsWithoutAnswers() throws Exception {
    assertEquals(List.of(), stream(List.of()));
  }

  @Test
  void theConfigurationNamesLabelsAndSizes() throws Exception {
    ModelConfig config =
        fixture
            .call(
                "ModelConfig",
                ModelConfigRequest.newBuilder().setName("pictures").build(),
                ModelConfigResponse.getDefaultInstance())
            .getConfig();
    assertEquals("pictures", config.getName());
    assertEquals(Contents.MAX_ROWS, config.getMaxBatchSize());
    assertEquals("probabilities", config.getOutput(0).getName());
    String labels = config.getParametersMap().get("labels").getStringValue();
    assertEquals(config.getOutput(0).getDims(0), labels.split(",", -1).length, labels);
  }
}
