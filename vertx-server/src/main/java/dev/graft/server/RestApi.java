package dev.graft.server;

import dev.graft.server.access.Refusal;
import dev.graft.server.access.Role;
import dev.graft.server.protocol.ModelConfigRequest;
import dev.graft.server.protocol.ModelMetadataRequest;
import dev.graft.server.protocol.ModelReadyRequest;
import dev.graft.server.protocol.ModelRepositoryParameter;
import dev.graft.server.protocol.RepositoryIndexRequest;
import dev.graft.server.protocol.RepositoryModelLoadRequest;
import dev.graft.server.protocol.RepositoryModelUnloadRequest;
import dev.graft.server.protocol.ServerMetadataRequest;
import dev.graft.server.protocol.ServerReadyRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;

/** The protocol over HTTP with JSON, under {@code /v2}. */
final class RestApi {

  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
  private static final String BINARY = "application/octet-stream";
  private static final String JSON_LENGTH = "Inference-Header-Content-Length";

  private final Api api;
  private final RestCalls calls;
  private final Supplier<String> metrics;

  /** With what {@code /metrics} answers. */
  RestApi(Api api, RestCalls calls, Supplier<String> metrics) {
    this.api = api;
    this.calls = calls;
    this.metrics = metrics;
  }

  /** Where requests go. */
  Router router(Vertx vertx) {
    Router router = Router.router(vertx);
    // Two paths stay open, because they are what asks whether a process is to be restarted.
    router.get("/v2/health/live").handler(context -> context.response().end());
    router.get("/v2/health/ready").handler(this::ready);
    get(router, "/v2", Role.INFER, this::serverMetadata);
    for (String model : new String[] {"/v2/models/:model", "/v2/models/:model/versions/:version"}) {
      get(router, model, Role.INFER, this::modelMetadata);
      get(router, model + "/config", Role.INFER, this::modelConfig);
      router.get(model + "/ready").handler(context -> modelReady(context));
      router
          .post(model + "/infer")
          .handler(context -> calls.answer(context, Role.INFER, this::infer, RestApi::write));
    }
    post(router, "/v2/repository/index", Role.INFER, this::index);
    post(router, "/v2/repository/models/:model/load", Role.MANAGE, this::load);
    post(router, "/v2/repository/models/:model/unload", Role.MANAGE, this::unload);
    router.get("/metrics").handler(this::metrics);
    router.errorHandler(
        404, context -> RestCalls.tell(context, 404, "there is nothing at this path"));
    return router;
  }

  private void get(
      Router router, String path, Role role, Function<RoutingContext, Future<Object>> call) {
    router.get(path).handler(context -> calls.answer(context, role, call));
  }

  private void post(
      Router router, String path, Role role, Function<RoutingContext, Future<Object>> call) {
    router.post(path).handler(context -> calls.answer(context, role, call));
  }

  private void ready(RoutingContext context) {
    api.ready(ServerReadyRequest.getDefaultInstance())
        .onSuccess(answer -> context.response().setStatusCode(answer.getReady() ? 200 : 503).end())
        .onFailure(failure -> calls.fail(context, failure));
  }

  private void metrics(RoutingContext context) {
    calls
        .allowed(context, Role.INFER)
        .map(ok -> metrics.get())
        .onSuccess(text -> context.response().putHeader("content-type", PROMETHEUS).end(text))
        .onFailure(failure -> calls.fail(context, failure));
  }

  private void modelReady(RoutingContext context) {
    ModelReadyRequest request =
        ModelReadyRequest.newBuilder().setName(model(context)).setVersion(version(context)).build();
    calls
        .allowed(context, Role.INFER)
        .compose(ok -> api.modelReady(request))
        .onSuccess(answer -> context.response().setStatusCode(answer.getReady() ? 200 : 503).end())
        .onFailure(failure -> calls.fail(context, failure));
  }

  private Future<Object> serverMetadata(RoutingContext context) {
    return api.serverMetadata(ServerMetadataRequest.getDefaultInstance())
        .map(
            answer ->
                new JsonObject()
                    .put("name", answer.getName())
                    .put("version", answer.getVersion())
                    .put("extensions", new JsonArray(answer.getExtensionsList())));
  }

  private Future<Object> modelMetadata(RoutingContext context) {
    return api.modelMetadata(
            ModelMetadataRequest.newBuilder()
                .setName(model(context))
                .setVersion(version(context))
                .build())
        .map(JsonForm::metadata);
  }

  private Future<Object> modelConfig(RoutingContext context) {
    return api.modelConfig(
            ModelConfigRequest.newBuilder()
                .setName(model(context))
                .setVersion(version(context))
                .build())
        .map(answer -> JsonForm.of(answer.getConfig()));
  }

  private Future<JsonInference.Body> infer(RoutingContext context) {
    Caller caller = new Caller(OptionalLong.empty());
    context.response().exceptionHandler(failure -> caller.leave());
    String length = context.request().getHeader(JSON_LENGTH);
    return calls
        .body(
            context.request(),
            body ->
                api.infer(
                    JsonInference.request(
                        model(context), version(context), body, jsonLength(length, body)),
                    caller))
        .map(JsonInference::response);
  }

  private static void write(RoutingContext context, JsonInference.Body body) {
    if (body.tail().length() == 0) {
      var unused = context.json(body.json());
      return;
    }
    Buffer json = body.json().toBuffer();
    var unused =
        context
            .response()
            .putHeader(JSON_LENGTH, Integer.toString(json.length()))
            .putHeader("content-type", BINARY)
            .end(Buffer.buffer().appendBuffer(json).appendBuffer(body.tail()));
  }

  private Future<Object> index(RoutingContext context) {
    return calls
        .body(
            context.request(),
            body -> api.index(JsonForm.message(RepositoryIndexRequest.getDefaultInstance(), body)))
        .map(
            answer -> {
              JsonArray models = new JsonArray();
              answer
                  .getModelsList()
                  .forEach(
                      model ->
                          models.add(
                              new JsonObject()
                                  .put("name", model.getName())
                                  .put("version", model.getVersion())
                                  .put("state", model.getState())
                                  .put("reason", model.getReason())));
              return models;
            });
  }

  private Future<Object> load(RoutingContext context) {
    RepositoryModelLoadRequest.Builder request =
        RepositoryModelLoadRequest.newBuilder().setModelName(model(context));
    String pin = context.request().getParam("pin");
    if (pin != null) {
      request.putParameters(
          "pin",
          ModelRepositoryParameter.newBuilder().setBoolParam(Boolean.parseBoolean(pin)).build());
    }
    return api.load(request.build()).map(answer -> new JsonObject());
  }

  private Future<Object> unload(RoutingContext context) {
    return api.unload(
            RepositoryModelUnloadRequest.newBuilder().setModelName(model(context)).build())
        .map(answer -> new JsonObject());
  }

  private static String model(RoutingContext context) {
    return context.pathParam("model");
  }

  private static String version(RoutingContext context) {
    String version = context.pathParam("version");
    return version == null ? "" : version;
  }

  private static int jsonLength(String header, Buffer body) {
    if (header == null) {
      return body.length();
    }
    try {
      return Integer.parseInt(header.strip());
    } catch (NumberFormatException e) {
      throw Refusal.invalid("%s is no number", JSON_LENGTH);
    }
  }
}
