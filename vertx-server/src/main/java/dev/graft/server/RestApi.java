package dev.graft.server;

import dev.graft.server.access.Access;
import dev.graft.server.access.Failures;
import dev.graft.server.access.Refusal;
import dev.graft.server.access.Role;
import dev.graft.server.operations.Traffic;
import dev.graft.server.protocol.ModelMetadataRequest;
import dev.graft.server.protocol.ModelReadyRequest;
import dev.graft.server.protocol.RepositoryIndexRequest;
import dev.graft.server.protocol.RepositoryModelLoadRequest;
import dev.graft.server.protocol.RepositoryModelUnloadRequest;
import dev.graft.server.protocol.ServerMetadataRequest;
import dev.graft.server.protocol.ServerReadyRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Function;
import java.util.function.Supplier;

/** The protocol over HTTP with JSON, under {@code /v2}. */
final class RestApi {

  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
  private static final String JSON_LENGTH = "Inference-Header-Content-Length";

  private final Api api;
  private final Access access;
  private final Failures failures;
  private final int maxMessage;
  private final Supplier<String> metrics;

  /** With what {@code /metrics} answers. */
  RestApi(Api api, Access access, Failures failures, int maxMessage, Supplier<String> metrics) {
    this.api = api;
    this.access = access;
    this.failures = failures;
    this.maxMessage = maxMessage;
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
      router.get(model + "/ready").handler(context -> modelReady(context));
      post(router, model + "/infer", Role.INFER, this::infer);
    }
    post(router, "/v2/repository/index", Role.INFER, this::index);
    post(router, "/v2/repository/models/:model/load", Role.MANAGE, this::load);
    post(router, "/v2/repository/models/:model/unload", Role.MANAGE, this::unload);
    router.get("/metrics").handler(this::metrics);
    router.errorHandler(404, context -> tell(context, 404, "there is nothing at this path"));
    return router;
  }

  private void get(
      Router router, String path, Role role, Function<RoutingContext, Future<Object>> call) {
    router.get(path).handler(context -> answer(context, role, call));
  }

  private void post(
      Router router, String path, Role role, Function<RoutingContext, Future<Object>> call) {
    router.post(path).handler(context -> answer(context, role, call));
  }

  private void answer(
      RoutingContext context, Role role, Function<RoutingContext, Future<Object>> call) {
    allowed(context, role)
        .compose(ok -> call.apply(context))
        .onSuccess(context::json)
        .onFailure(failure -> fail(context, failure));
  }

  private Future<Void> allowed(RoutingContext context, Role role) {
    return access.admit(context.request().getHeader("authorization"), role);
  }

  private void fail(RoutingContext context, Throwable failure) {
    Refusal refusal = failures.refusal(failure, context.request().getHeader(Traffic.REQUEST_ID));
    tell(context, refusal.httpStatus(), refusal.getMessage());
  }

  private static void tell(RoutingContext context, int status, String message) {
    context.response().setStatusCode(status);
    var unused = context.json(new JsonObject().put("error", message));
  }

  private void ready(RoutingContext context) {
    api.ready(ServerReadyRequest.getDefaultInstance())
        .onSuccess(answer -> context.response().setStatusCode(answer.getReady() ? 200 : 503).end())
        .onFailure(failure -> fail(context, failure));
  }

  private void metrics(RoutingContext context) {
    allowed(context, Role.INFER)
        .map(ok -> metrics.get())
        .onSuccess(text -> context.response().putHeader("content-type", PROMETHEUS).end(text))
        .onFailure(failure -> fail(context, failure));
  }

  private void modelReady(RoutingContext context) {
    ModelReadyRequest request =
        ModelReadyRequest.newBuilder().setName(model(context)).setVersion(version(context)).build();
    allowed(context, Role.INFER)
        .compose(ok -> api.modelReady(request))
        .onSuccess(answer -> context.response().setStatusCode(answer.getReady() ? 200 : 503).end())
        .onFailure(failure -> fail(context, failure));
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

  private Future<Object> infer(RoutingContext context) {
    String length = context.request().getHeader(JSON_LENGTH);
    return body(context.request())
        .map(
            body ->
                JsonForm.request(model(context), version(context), body, jsonLength(length, body)))
        .compose(api::infer)
        .map(JsonForm::response);
  }

  /** The body whatever type it says it is of: clients that leave the type to curl say a form. */
  private Future<Buffer> body(HttpServerRequest request) {
    Promise<Buffer> read = Promise.promise();
    Buffer all = Buffer.buffer();
    request.handler(
        part -> {
          if (all.length() + part.length() <= maxMessage) {
            var unused = all.appendBuffer(part);
          } else if (read.tryFail(Refusal.tooLarge(maxMessage))) {
            request.response().putHeader("connection", "close");
          }
        });
    request.exceptionHandler(read::tryFail);
    request.endHandler(end -> read.tryComplete(all));
    return read.future();
  }

  private Future<Object> index(RoutingContext context) {
    return api.index(RepositoryIndexRequest.getDefaultInstance())
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
    return api.load(RepositoryModelLoadRequest.newBuilder().setModelName(model(context)).build())
        .map(answer -> new JsonObject());
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
