package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpServer;
import dev.graft.server.operations.OperationOptions;
import dev.graft.server.operations.Tracing;
import dev.graft.server.protocol.ModelMetadataRequest;
import dev.graft.server.protocol.ModelMetadataResponse;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.health.v1.HealthCheckRequest;
import io.vertx.grpc.health.v1.HealthCheckResponse;
import io.vertx.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.vertx.grpc.reflection.v1.ServerReflectionRequest;
import io.vertx.grpc.reflection.v1.ServerReflectionResponse;
import io.vertx.grpc.server.StatusException;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What those who run a server see of it. */
@Timeout(300)
class OperationsTest {

  private static final ModelMetadataRequest PICTURES =
      ModelMetadataRequest.newBuilder().setName("pictures").build();
  private static final ModelMetadataResponse METADATA = ModelMetadataResponse.getDefaultInstance();

  @TempDir private Path temp;
  private ServerOptions options;

  @BeforeEach
  void models() throws Exception {
    Fixture.bundle(temp.resolve("models").resolve("pictures"), 1);
    options = ServerOptions.of(temp.resolve("models"));
  }

  private static HttpResponse<String> get(Fixture fixture, String path, String... headers)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(fixture.uri(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void callsAreCountedUnderTheNamesThatDashboardsKnow() throws Exception {
    try (Fixture fixture = new Fixture(options)) {
      var unused = fixture.call("ModelMetadata", PICTURES, METADATA);
      ModelMetadataRequest other = ModelMetadataRequest.newBuilder().setName("other").build();
      assertEquals(
          GrpcStatus.NOT_FOUND, fixture.refused("ModelMetadata", other, METADATA, null).status());
      assertEquals(
          GrpcStatus.UNIMPLEMENTED,
          fixture.refused("MadeUpByAClient", other, METADATA, null).status());
      HttpResponse<String> metrics = get(fixture, "/metrics");
      assertEquals(200, metrics.statusCode());
      List<String> lines = metrics.body().lines().toList();
      String method = "grpc_method=\"inference.GRPCInferenceService/ModelMetadata\"";
      assertTrue(
          lines.contains("grpc_server_call_started_total{" + method + "} 2.0"), metrics.body());
      for (String status : List.of("OK", "NOT_FOUND")) {
        String labels = "{%s,grpc_status=\"%s\"}".formatted(method, status);
        assertTrue(
            lines.contains("grpc_server_call_duration_seconds_count" + labels + " 1"), status);
      }
      assertFalse(metrics.body().contains("MadeUpByAClient"));
      assertTrue(
          lines.contains("nv_inference_request_success{model=\"pictures\",version=\"1\"} 0.0"),
          metrics.body());
    }
  }

  @Test
  void everyCallLeavesALineWithItsNumber() throws Exception {
    Path log = temp.resolve("access.log");
    ServerOptions logged = options.withOperations(OperationOptions.DEFAULTS.withAccessLog(log));
    try (Fixture fixture = new Fixture(logged)) {
      var unused = fixture.call("ModelMetadata", PICTURES, METADATA);
      HttpResponse<String> named = get(fixture, "/v2/models/other", "x-request-id", "my-request.7");
      assertEquals("my-request.7", named.headers().firstValue("x-request-id").orElseThrow());
      HttpResponse<String> forged = get(fixture, "/v2", "x-request-id", "a\"b c");
      assertFalse(forged.headers().firstValue("x-request-id").orElseThrow().contains("\""));
    }
    List<JsonObject> lines = Files.readAllLines(log).stream().map(JsonObject::new).toList();
    assertEquals(3, lines.size(), lines::toString);
    assertEquals("grpc", lines.get(0).getString("protocol"));
    assertEquals("OK", lines.get(0).getString("status"));
    assertEquals("my-request.7", lines.get(1).getString("id"));
    assertEquals("404", lines.get(1).getString("status"));
    assertEquals("/v2/models/other", lines.get(1).getString("path"));
    assertTrue(lines.get(2).getLong("sent") > 0);
  }

  /** A small server that adds what it gets to {@code collected}. */
  private static HttpServer collector(ByteArrayOutputStream collected) throws Exception {
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          synchronized (collected) {
            exchange.getRequestBody().transferTo(collected);
          }
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    return collector;
  }

  private static Tracing tracing(HttpServer collector) {
    return Tracing.to(
        URI.create("http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces"));
  }

  @Test
  void callsArePartOfTheirClientsTrace() throws Exception {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    String parent = "00f067aa0ba902b7";
    ByteArrayOutputStream collected = new ByteArrayOutputStream();
    HttpServer collector = collector(collected);
    Path log = temp.resolve("traced.log");
    ServerOptions logged = options.withOperations(OperationOptions.DEFAULTS.withAccessLog(log));
    try (Tracing tracing = tracing(collector);
        Fixture fixture = new Fixture(logged, tracing.vertx())) {
      String value = "00-" + trace + "-" + parent + "-01";
      assertEquals(200, get(fixture, "/v2", "traceparent", value).statusCode());
    } finally {
      collector.stop(0);
    }
    String spans = HexFormat.of().formatHex(collected.toByteArray());
    assertTrue(spans.contains(trace) && spans.contains(parent), spans);
    assertTrue(Files.readString(log).contains("\"trace\":\"" + trace + "\""));
    assertThrows(IllegalArgumentException.class, () -> Tracing.to(URI.create("localhost:4318")));
  }

  /**
   * The form in which spans are sent is that of OpenTelemetry's protocol, read without its classes.
   */
  private record SentSpan(String id, String parent, String name, long begin, long end) {

    static List<SentSpan> read(byte[] sent) throws Exception {
      List<SentSpan> spans = new ArrayList<>();
      for (UnknownFieldSet resource : messages(UnknownFieldSet.parseFrom(sent), 1)) {
        for (UnknownFieldSet scope : messages(resource, 2)) {
          for (UnknownFieldSet span : messages(scope, 2)) {
            spans.add(
                new SentSpan(
                    hex(span, 2),
                    hex(span, 4),
                    span.getField(5).getLengthDelimitedList().get(0).toStringUtf8(),
                    span.getField(7).getFixed64List().get(0),
                    span.getField(8).getFixed64List().get(0)));
          }
        }
      }
      return spans;
    }

    private static List<UnknownFieldSet> messages(UnknownFieldSet of, int number) throws Exception {
      List<UnknownFieldSet> messages = new ArrayList<>();
      for (ByteString each : of.getField(number).getLengthDelimitedList()) {
        messages.add(UnknownFieldSet.parseFrom(each));
      }
      return messages;
    }

    private static String hex(UnknownFieldSet of, int number) {
      List<ByteString> values = of.getField(number).getLengthDelimitedList();
      return values.isEmpty() ? "" : HexFormat.of().formatHex(values.get(0).toByteArray());
    }
  }

  @Test
  void theTraceOfARequestSaysWhatItsTimeWentByOn() throws Exception {
    ByteArrayOutputStream collected = new ByteArrayOutputStream();
    HttpServer collector = collector(collected);
    String parent = "00f067aa0ba902b7";
    try (Tracing tracing = tracing(collector);
        Fixture fixture = new Fixture(options, tracing.vertx())) {
      String body =
          ("{\"inputs\":[{\"name\":\"content\",\"datatype\":\"BYTES\",\"shape\":[1],"
                  + "\"parameters\":{\"content_type\":\"base64\"},\"data\":[\"%s\"]}]}")
              .formatted(Base64.getEncoder().encodeToString(Fixture.picture(0)));
      HttpRequest request =
          HttpRequest.newBuilder(fixture.uri("/v2/models/pictures/infer"))
              .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-" + parent + "-01")
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      HttpResponse<String> answer =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      assertEquals(200, answer.statusCode(), answer::body);
    } finally {
      collector.stop(0);
    }
    List<SentSpan> spans = SentSpan.read(collected.toByteArray());
    SentSpan call =
        spans.stream().filter(span -> span.parent().equals(parent)).findFirst().orElseThrow();
    Map<String, SentSpan> parts =
        spans.stream()
            .filter(span -> span.parent().equals(call.id()))
            .collect(Collectors.toMap(SentSpan::name, span -> span));
    assertEquals(Set.of("graft.decode", "graft.queue", "graft.compute"), parts.keySet());
    for (SentSpan part : parts.values()) {
      assertTrue(part.begin() < part.end(), parts::toString);
    }
    assertTrue(parts.get("graft.decode").begin() < parts.get("graft.queue").begin());
    assertTrue(parts.get("graft.queue").begin() < parts.get("graft.compute").begin());
  }

  @Test
  void clientsLearnWhatThereIsOnlyWhereThatIsWanted() throws Exception {
    ServerReflectionRequest list = ServerReflectionRequest.newBuilder().setListServices("").build();
    ServerReflectionResponse form = ServerReflectionResponse.getDefaultInstance();
    try (Fixture fixture = new Fixture(options)) {
      ExecutionException e =
          assertThrows(ExecutionException.class, () -> fixture.reflection(list, form));
      assertEquals(
          GrpcStatus.UNIMPLEMENTED, assertInstanceOf(StatusException.class, e.getCause()).status());
    }
    ServerOptions open = options.withOperations(OperationOptions.DEFAULTS.withReflection());
    try (Fixture fixture = new Fixture(open)) {
      ServerReflectionResponse services = fixture.reflection(list, form);
      assertTrue(
          services.getListServicesResponse().getServiceList().stream()
              .anyMatch(service -> service.getName().equals("inference.GRPCInferenceService")));
    }
  }

  @Test
  void whoWatchesHealthHoldsUpNobodyWhoEnds() throws Exception {
    try (Fixture fixture = new Fixture(options)) {
      GrpcClientRequest<HealthCheckRequest, HealthCheckResponse> watch =
          Fixture.await(
              fixture.open(
                  "grpc.health.v1.Health", "Watch", HealthCheckResponse.getDefaultInstance()));
      Promise<HealthCheckResponse> first = Promise.promise();
      var unused = watch.response().onSuccess(response -> response.handler(first::tryComplete));
      var unusedToo = watch.send(HealthCheckRequest.getDefaultInstance());
      assertEquals(ServingStatus.SERVING, Fixture.await(first.future()).getStatus());
      String metrics = get(fixture, "/metrics").body();
      assertTrue(metrics.contains("\ngraft_calls_open 1.0\n"), "this call alone: " + metrics);
    }
  }
}
