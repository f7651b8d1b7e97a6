package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.protobuf.ByteString;
import dev.graft.server.protocol.InferParameter;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelInferRequest.InferInputTensor;
import dev.graft.server.protocol.ModelInferResponse;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.StatusException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests that are damaged at random: each is refused for what the client did, none as a failure
 * of the server, which serves on. As many as the system property {@code graft.malformed} says.
 */
@Timeout(3600)
class MalformedTest {

  private static final String COUNT = "graft.malformed";
  private static final int FEW = 400;
  private static final int BETWEEN_CHECKS = 50;
  private static final int HALF_OPEN = 64;
  private static final ModelInferResponse FORM = ModelInferResponse.getDefaultInstance();

  /** What a client may be told about a request of its own making; OK where damage did no harm. */
  private static final Set<GrpcStatus> TYPED =
      Set.of(
          GrpcStatus.OK,
          GrpcStatus.INVALID_ARGUMENT,
          GrpcStatus.NOT_FOUND,
          GrpcStatus.OUT_OF_RANGE,
          GrpcStatus.RESOURCE_EXHAUSTED,
          GrpcStatus.DEADLINE_EXCEEDED,
          GrpcStatus.UNIMPLEMENTED);

  private static final long[] SIZES = {
    -1, 0, 1, 2, 3, 8, 1024, 1025, 1L << 31, 1L << 32, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE
  };
  private static final String[] WORDS = {
    "",
    "pictures",
    "../pictures",
    "pixels",
    "content",
    "BYTES",
    "FP32",
    "FP16",
    "UINT8",
    "INT64",
    "\u0000",
    "a/b",
    "%2e%2e",
    "\uD83D\uDE00",
    "x".repeat(5000),
    "1",
    "-1",
    "99999999999999999999"
  };

  @TempDir static Path models;
  private static Fixture fixture;
  private static HttpClient http;

  private final Random random = new Random(20);
  private final Deque<Socket> halfOpen = new ArrayDeque<>();
  private final Map<GrpcStatus, Integer> seen = new EnumMap<>(GrpcStatus.class);

  @BeforeAll
  static void start() throws Exception {
    Fixture.bundle(models.resolve("pictures"), 1);
    fixture = new Fixture(ServerOptions.of(models).withMaxMessage(1 << 16));
    http = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() throws Exception {
    fixture.close();
  }

  @Test
  void eachIsRefusedAndTheServerServesOn() throws Exception {
    int count = Integer.getInteger(COUNT, FEW);
    double[] expected = GrpcApiTest.direct(models.resolve("pictures"), 0);
    for (int i = 0; i < count; i++) {
      switch (random.nextInt(8)) {
        case 0 -> json();
        case 1 -> frames();
        case 2 -> connection();
        default -> message();
      }
      if (i % BETWEEN_CHECKS == 0) {
        assertServes(expected);
      }
    }
    assertServes(expected);
    assertTrue(seen.getOrDefault(GrpcStatus.INVALID_ARGUMENT, 0) > count / 10, seen::toString);
    assertTrue(seen.containsKey(GrpcStatus.NOT_FOUND), seen::toString);
    for (Socket socket : halfOpen) {
      socket.close();
    }
    System.getLogger(MalformedTest.class.getName())
        .log(System.Logger.Level.INFO, "{0} malformed requests: {1} over gRPC", count, seen);
  }

  private static ModelInferRequest.Builder valid() {
    ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName("pictures");
    InferInputTensor.Builder input =
        request.addInputsBuilder().setName("content").setDatatype("BYTES").addShape(1);
    input.getContentsBuilder().addBytesContents(ByteString.copyFrom(Fixture.picture(0)));
    return request;
  }

  private static void assertServes(double[] expected) throws Exception {
    ModelInferResponse answer = fixture.call("ModelInfer", valid().build(), FORM);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], answer.getOutputs(0).getContents().getFp32Contents(i), 1e-5);
    }
  }

  private String word() {
    return WORDS[random.nextInt(WORDS.length)];
  }

  private long size() {
    return random.nextInt(4) == 0 ? random.nextLong() : SIZES[random.nextInt(SIZES.length)];
  }

  private byte[] bytes(int most) {
    byte[] bytes = new byte[random.nextInt(most)];
    random.nextBytes(bytes);
    return bytes;
  }

  private ModelInferRequest damaged() {
    ModelInferRequest.Builder request = valid();
    for (int i = random.nextInt(4); i >= 0; i--) {
      damage(request);
    }
    return request.build();
  }

  private void damage(ModelInferRequest.Builder request) {
    if (request.getInputsCount() == 0) {
      request.addInputs(valid().getInputs(0));
    }
    InferInputTensor.Builder input = request.getInputsBuilder(0);
    switch (random.nextInt(16)) {
      case 0 -> request.setModelName(word());
      case 1 -> request.setModelVersion(word());
      case 2 -> request.clearInputs();
      case 3 -> input.setName(word());
      case 4 -> input.setDatatype(word());
      case 5 -> input.addShape(size());
      case 6 -> input.clearShape().addShape(size());
      case 7 -> input.clearShape().addAllShape(List.of(size(), size(), size(), size()));
      case 8 -> request.addRawInputContents(ByteString.copyFrom(bytes(2000)));
      case 9 -> input.getContentsBuilder().addBytesContents(ByteString.copyFrom(bytes(300)));
      case 10 -> input.getContentsBuilder().clear().addInt64Contents(random.nextLong());
      case 11 -> input.clearContents();
      case 12 -> request.addInputs(request.getInputs(0));
      case 13 -> request.addOutputsBuilder().setName(word());
      case 14 -> {
        input.setName("pixels").setDatatype(random.nextBoolean() ? "FP32" : "UINT8").clearShape();
        input.addAllShape(List.of(1L, 3L, 8L, 8L)).clearContents();
        request.addRawInputContents(ByteString.copyFrom(bytes(1000)));
      }
      default ->
          request.putParameters(
              random.nextBoolean() ? "priority" : "timeout",
              InferParameter.newBuilder().setInt64Param(size()).build());
    }
  }

  /** A message that can be read and says nonsense. */
  private void message() throws Exception {
    GrpcStatus status = GrpcStatus.OK;
    try {
      var unused = fixture.call("ModelInfer", damaged(), FORM);
    } catch (ExecutionException e) {
      status = e.getCause() instanceof StatusException refused ? refused.status() : null;
      if (status == null) {
        fail("no status", e);
      }
    }
    assertTrue(TYPED.contains(status), status::toString);
    seen.merge(status, 1, Integer::sum);
  }

  private byte[] cut(byte[] whole) {
    byte[] cut = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
    for (int i = random.nextInt(4); i > 0 && cut.length > 0; i--) {
      cut[random.nextInt(cut.length)] = (byte) random.nextInt();
    }
    return cut;
  }

  private HttpResponse<byte[]> post(String path, String type, byte[] body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(fixture.uri(path))
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(Duration.ofSeconds(30))
            .header("content-type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  /** JSON that ends within, with bytes that were not there. */
  private void json() throws Exception {
    String valid =
        "{\"parameters\":{\"priority\":1},\"inputs\":[{\"name\":\"pixels\",\"datatype\":\"FP32\","
            + "\"shape\":[%d,3,8,8],\"data\":[[1,2.5],[-3e300]]}],\"outputs\":[]}";
    byte[] body = valid.formatted(size()).getBytes(StandardCharsets.UTF_8);
    HttpResponse<byte[]> answer =
        post(
            "/v2/models/pictures/infer",
            "application/json",
            random.nextBoolean() ? cut(body) : body);
    assertTrue(answer.statusCode() >= 400 && answer.statusCode() < 500, answer::toString);
  }

  /** A frame whose head does not fit its content, or with content that is no message. */
  private void frames() throws Exception {
    byte[] message = damaged().toByteArray();
    ByteBuffer frame = ByteBuffer.allocate(5 + message.length);
    frame.put((byte) random.nextInt(3));
    frame.putInt(random.nextBoolean() ? message.length : (int) size()).put(message);
    byte[] body = random.nextBoolean() ? cut(frame.array()) : frame.array();
    HttpResponse<byte[]> answer =
        post("/inference.GRPCInferenceService/ModelInfer", "application/grpc-web+proto", body);
    String text = new String(answer.body(), StandardCharsets.ISO_8859_1);
    String status = answer.headers().firstValue("grpc-status").orElse(text);
    assertTrue(!status.contains("grpc-status:13") && !status.equals("13"), text);
    assertTrue(answer.statusCode() < 500, answer::toString);
  }

  /** A connection that says something else, or nothing, and stays open for a while. */
  private void connection() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), fixture.server.port());
    byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    socket.getOutputStream().write(random.nextBoolean() ? cut(preface) : preface);
    socket.getOutputStream().write(bytes(100));
    halfOpen.add(socket);
    if (halfOpen.size() > HALF_OPEN) {
      halfOpen.remove().close();
    }
  }
}
