package dev.graft.server;

import dev.graft.server.access.Refusal;
import dev.graft.server.protocol.InferStatistics;
import dev.graft.server.protocol.ModelConfigRequest;
import dev.graft.server.protocol.ModelConfigResponse;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelMetadataRequest;
import dev.graft.server.protocol.ModelMetadataResponse;
import dev.graft.server.protocol.ModelReadyRequest;
import dev.graft.server.protocol.ModelReadyResponse;
import dev.graft.server.protocol.ModelRepositoryParameter;
import dev.graft.server.protocol.ModelStatistics;
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
import dev.graft.server.protocol.ServerReadyRequest;
import dev.graft.server.protocol.ServerReadyResponse;
import dev.graft.server.protocol.StatisticDuration;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.BooleanSupplier;

/**
 * The calls of the protocol, however they come in. Each fails with a {@link Refusal} that is for
 * the client, or with something that is not.
 */
final class Api {

  private static final String NAME = "graft";

  private final Vertx vertx;
  private final ModelRepository models;
  private final Inference inference;
  private final BooleanSupplier ready;

  /** With an answer to the question whether the server takes requests. */
  Api(Vertx vertx, ModelRepository models, Inference inference, BooleanSupplier ready) {
    this.vertx = vertx;
    this.models = models;
    this.inference = inference;
    this.ready = ready;
  }

  Future<ServerLiveResponse> live(ServerLiveRequest request) {
    return Future.succeededFuture(ServerLiveResponse.newBuilder().setLive(true).build());
  }

  Future<ServerReadyResponse> ready(ServerReadyRequest request) {
    return Future.succeededFuture(
        ServerReadyResponse.newBuilder().setReady(ready.getAsBoolean()).build());
  }

  /** Not ready is an answer, no model of that name is none. */
  Future<ModelReadyResponse> modelReady(ModelReadyRequest request) {
    return Future.succeededFuture(
        ModelReadyResponse.newBuilder()
            .setReady(models.isReady(request.getName(), request.getVersion()))
            .build());
  }

  Future<ServerMetadataResponse> serverMetadata(ServerMetadataRequest request) {
    String version = Api.class.getPackage().getImplementationVersion();
    return Future.succeededFuture(
        ServerMetadataResponse.newBuilder()
            .setName(NAME)
            .setVersion(version == null ? "" : version)
            .addExtensions("model_repository")
            .addExtensions("statistics")
            .addExtensions("binary_tensor_data")
            .build());
  }

  Future<ModelMetadataResponse> modelMetadata(ModelMetadataRequest request) {
    return inference.metadata(request.getName(), request.getVersion());
  }

  Future<ModelConfigResponse> modelConfig(ModelConfigRequest request) {
    return inference
        .config(request.getName(), request.getVersion())
        .map(config -> ModelConfigResponse.newBuilder().setConfig(config).build());
  }

  Future<Answer> infer(ModelInferRequest request, Caller caller) {
    return inference.infer(request, caller);
  }

  /** Of a model; of all that are in memory, where none is named. One that is away has no counts. */
  Future<ModelStatisticsResponse> statistics(ModelStatisticsRequest request) {
    ModelStatisticsResponse.Builder response = ModelStatisticsResponse.newBuilder();
    String name = request.getName();
    if (name.isEmpty()) {
      models.loaded().forEach(model -> response.addModelStats(counts(model)));
    } else if (models.isAway(name, request.getVersion())) {
      response.addModelStatsBuilder().setName(name).setVersion(request.getVersion());
    } else {
      response.addModelStats(counts(models.model(name, request.getVersion())));
    }
    return Future.succeededFuture(response.build());
  }

  private static ModelStatistics counts(ServedModel model) {
    ServedModel.Counts counts = model.counts();
    return ModelStatistics.newBuilder()
        .setName(model.name())
        .setVersion(model.version())
        .setLastInference(counts.last())
        .setInferenceCount(counts.examples())
        .setExecutionCount(counts.batches())
        .setInferenceStats(
            InferStatistics.newBuilder()
                .setSuccess(duration(counts.succeeded(), counts.succeededNanos()))
                .setFail(duration(counts.failed(), counts.failedNanos()))
                .setQueue(duration(counts.succeeded(), counts.queueNanos()))
                .setComputeInput(duration(counts.succeeded(), counts.inputNanos()))
                .setComputeInfer(duration(counts.succeeded(), counts.inferNanos())))
        .build();
  }

  private static StatisticDuration duration(long count, long nanos) {
    return StatisticDuration.newBuilder().setCount(count).setNs(nanos).build();
  }

  Future<RepositoryIndexResponse> index(RepositoryIndexRequest request) {
    return vertx.executeBlocking(
        () -> {
          RepositoryIndexResponse.Builder response = RepositoryIndexResponse.newBuilder();
          for (ModelRepository.Entry entry : models.index()) {
            if (!request.getReady() || entry.state() == Slots.State.READY) {
              response
                  .addModelsBuilder()
                  .setName(entry.name())
                  .setVersion(entry.version())
                  .setState(entry.state().name())
                  .setReason(entry.reason());
            }
          }
          return response.build();
        },
        /* ordered= */ false);
  }

  Future<RepositoryModelLoadResponse> load(RepositoryModelLoadRequest request) {
    return vertx.executeBlocking(
        () -> {
          models.load(request.getModelName());
          ModelRepositoryParameter pin = request.getParametersMap().get("pin");
          if (pin != null) {
            models.pin(request.getModelName(), pin.getBoolParam());
          }
          return RepositoryModelLoadResponse.getDefaultInstance();
        },
        /* ordered= */ false);
  }

  Future<RepositoryModelUnloadResponse> unload(RepositoryModelUnloadRequest request) {
    return vertx.executeBlocking(
        () -> {
          models.unload(request.getModelName());
          return RepositoryModelUnloadResponse.getDefaultInstance();
        },
        /* ordered= */ false);
  }
}
