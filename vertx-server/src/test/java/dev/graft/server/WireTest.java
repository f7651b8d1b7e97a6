package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import dev.graft.server.protocol.ServerLiveRequest;
import dev.graft.server.protocol.ServerLiveResponse;
import dev.graft.server.protocol.ServerMetadataRequest;
import dev.graft.server.protocol.ServerMetadataResponse;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.grpc.health.v1.HealthCheckRequest;
import io.vertx.grpc.health.v1.HealthCheckResponse;
import io.vertx.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.vertx.grpc.health.v1.HealthListRequest;
import io.vertx.grpc.health.v1.HealthListResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes over the wire beside plain gRPC: gRPC-Web, compressed messages, health. */
@Timeout(120)
class WireTest {

  private static final int MOST = 64 << 10;
  private static final String INFERENCE = "inference.GRPCInferenceService";
  private static final String HEALTH = "grpc.health.v1.Health";

  @TempDir static Path models;
  private static Fixture fixture;

  @BeforeAll
  static void start() throws Exception {
    fixture = new Fixture(ServerOptions.of(models).withMaxMessage(MOST));
  }

  @AfterAll
  static void stop() throws Exception {
    fixture.close();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    }
    return packed.toByteArray();
  }

  /** A message as gRPC has it: whether it is compressed, its length, its bytes. */
  private static byte[] frame(boolean compressed, byte[] message) {
    return ByteBuffer.allocate(5 + message.length)
        .put((byte) (compressed ? 1 : 0))
        .putInt(message.length)
        .put(message)
        .array();
  }

  /** A call as browsers make it, over HTTP/1.1; its trailers are the last frame. */
  private static HttpResponse<byte[]> web(String call, byte[] body, String encoding)
      throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(fixture.uri("/" + call))
                .version(HttpClient.Version.HTTP_1_1)
                .header("content-type", "application/grpc-web+proto")
                .header("grpc-encoding", encoding)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
  }

  private static void assertStatus(int status, HttpResponse<byte[]> response) {
    String whole = new String(response.body(), StandardCharsets.ISO_8859_1);
    String header = response.headers().firstValue("grpc-status").orElse("");
    assertTrue(
        header.equals("" + status) || whole.contains("grpc-status:" + status), header + whole);
  }

  private static byte[] first(byte[] body) {
    int length = ByteBuffer.wrap(body).getInt(1);
    return Arrays.copyOfRange(body, 5, 5 + length);
  }

  @Test
  void browsersCallWithoutHttp2() throws Exception {
    byte[] empty = frame(false, new byte[0]);
    HttpResponse<byte[]> response = web(INFERENCE + "/ServerLive", empty, "identity");
    assertEquals(HttpClient.Version.HTTP_1_1, response.version());
    assertTrue(ServerLiveResponse.parseFrom(first(response.body())).getLive());
    assertStatus(0, response);
  }

  /** A proxy that knows what it speaks to asks for no change of protocol. */
  @Test
  void requestsWithJsonComeOverHttp2FromTheBeginning() throws Exception {
    HttpClientOptions http2 =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false);
    int status =
        Fixture.await(
            fixture
                .vertx
                .createHttpClient(http2)
                .request(HttpMethod.GET, fixture.server.port(), ServerOptions.LOOPBACK, "/v2")
                .compose(HttpClientRequest::send)
                .map(HttpClientResponse::statusCode));
    assertEquals(200, status);
  }

  @Test
  void compressedMessagesAreReadUpToTheSameSize() throws Exception {
    byte[] plain = ServerMetadataRequest.getDefaultInstance().toByteArray();
    HttpResponse<byte[]> response =
        web(INFERENCE + "/ServerMetadata", frame(true, gzip(plain)), "gzip");
    assertStatus(0, response);
    assertEquals("graft", ServerMetadataResponse.parseFrom(first(response.body())).getName());

    byte[] bomb = gzip(new byte[MOST + 1]);
    assertTrue(bomb.length < 200);
    assertStatus(11, web(INFERENCE + "/ServerLive", frame(true, bomb), "gzip"));
    assertStatus(3, web(INFERENCE + "/ServerLive", frame(true, new byte[] {1, 2, 3}), "gzip"));
    assertStatus(12, web(INFERENCE + "/ServerLive", frame(true, plain), "br"));
    assertStatus(12, web(HEALTH + "/Check", frame(true, bomb), "gzip"));
    assertAlive();
  }

  @Test
  void whatIsNoMessageIsRefused() throws Exception {
    byte[] none = "no message".getBytes(StandardCharsets.UTF_8);
    assertStatus(3, web(INFERENCE + "/ModelInfer", frame(false, none), "identity"));
    assertStatus(3, web(INFERENCE + "/ServerLive", new byte[0], "identity"));
    byte[] one = frame(false, new byte[0]);
    byte[] two = Arrays.copyOf(one, 2 * one.length);
    assertStatus(3, web(INFERENCE + "/ServerLive", two, "identity"));
    assertAlive();
  }

  private static void assertAlive() throws Exception {
    ServerLiveResponse live =
        fixture.call(
            "ServerLive",
            ServerLiveRequest.getDefaultInstance(),
            ServerLiveResponse.getDefaultInstance());
    assertTrue(live.getLive());
  }

  private static <R extends Message> R health(String call, Message request, R form)
      throws Exception {
    return fixture.call(HEALTH, call, request, form, null);
  }

  @Test
  void healthIsToldByCheckAndList() throws Exception {
    for (String service : Set.of("", INFERENCE)) {
      HealthCheckResponse answer =
          health(
              "Check",
              HealthCheckRequest.newBuilder().setService(service).build(),
              HealthCheckResponse.getDefaultInstance());
      assertEquals(ServingStatus.SERVING, answer.getStatus());
    }
    HealthListResponse all =
        health(
            "List",
            HealthListRequest.getDefaultInstance(),
            HealthListResponse.getDefaultInstance());
    assertEquals(Set.of("", INFERENCE, HEALTH), all.getStatusesMap().keySet());
  }

  @Test
  void healthIsWatched() throws Exception {
    HealthCheckRequest all = HealthCheckRequest.getDefaultInstance();
    assertEquals(
        ServingStatus.SERVING,
        fixture
            .firstOf(HEALTH, "Watch", all, HealthCheckResponse.getDefaultInstance())
            .getStatus());
  }
}
