package dev.graft.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.internal.AtomicFiles;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class RestApiTest {

  private static final String JSON_LENGTH = "Inference-Header-Content-Length";
  private static final String INFER = "/v2/models/pictures/infer";

  @TempDir static Path models;
  private static Fixture fixture;
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws Exception {
    Fixture.bundle(models.resolve("pictures"), 1);
    fixture = new Fixture(ServerOptions.of(models));
  }

  @AfterAll
  static void stop() throws Exception {
    fixture.close();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(fixture.uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, byte[] body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(fixture.uri(path)).POST(BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static JsonObject input() {
    return new JsonObject()
        .put("name", "content")
        .put("datatype", "BYTES")
        .put("shape", new JsonArray().add(1));
  }

  private static JsonObject request(JsonObject input) {
    return new JsonObject().put("id", "7").put("inputs", new JsonArray().add(input));
  }

  private static void assertAnswer(HttpResponse<String> response) throws Exception {
    assertEquals(200, response.statusCode(), response.body());
    JsonObject json = new JsonObject(response.body());
    assertEquals("7", json.getString("id"));
    JsonArray outputs = json.getJsonArray("outputs");
    JsonArray data = outputs.getJsonObject(0).getJsonArray("data");
    double[] direct = GrpcApiTest.direct(models.resolve("pictures"), 0);
    assertEquals(direct.length, data.size());
    for (int i = 0; i < direct.length; i++) {
      assertEquals(direct[i], data.getDouble(i), 1e-5);
    }
    assertEquals(1, outputs.getJsonObject(1).getJsonArray("data").size());
    assertFalse(response.headers().firstValue(JSON_LENGTH).isPresent());
  }

  @Test
  void contentInBase64() throws Exception {
    JsonObject input =
        input()
            .put("parameters", new JsonObject().put("content_type", "base64"))
            .put(
                "data",
                new JsonArray().add(Base64.getEncoder().encodeToString(Fixture.picture(0))));
    assertAnswer(post(INFER, request(input).toBuffer().getBytes()));
  }

  @Test
  void aBodyThatCallsItselfAForm() throws Exception {
    JsonObject input =
        input()
            .put("parameters", new JsonObject().put("content_type", "base64"))
            .put(
                "data",
                new JsonArray().add(Base64.getEncoder().encodeToString(Fixture.picture(0))));
    assertAnswer(
        post(
            INFER,
            request(input).put("padding", "=+&".repeat(10_000)).toBuffer().getBytes(),
            "content-type",
            "application/x-www-form-urlencoded"));
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() throws Exception {
    HttpResponse<String> response = post(INFER, new byte[ServerOptions.MAX_MESSAGE + 1]);
    assertEquals(413, response.statusCode(), response.body());
    assertTrue(new JsonObject(response.body()).getString("error").contains("at most"));
    assertEquals(200, get("/v2").statusCode());
  }

  private static Buffer element() {
    return Buffer.buffer().appendIntLE(Fixture.picture(0).length).appendBytes(Fixture.picture(0));
  }

  private static JsonObject binaryInput() {
    return input().put("parameters", new JsonObject().put("binary_data_size", element().length()));
  }

  private HttpRequest withElement(JsonObject request) {
    Buffer json = request.toBuffer();
    byte[] body = Buffer.buffer().appendBuffer(json).appendBuffer(element()).getBytes();
    return HttpRequest.newBuilder(fixture.uri(INFER))
        .POST(BodyPublishers.ofByteArray(body))
        .header(JSON_LENGTH, Integer.toString(json.length()))
        .build();
  }

  @Test
  void contentAfterTheJson() throws Exception {
    assertAnswer(
        client.send(withElement(request(binaryInput())), HttpResponse.BodyHandlers.ofString()));
  }

  /** Sends content after the JSON and takes the answer apart: the JSON and what follows it. */
  private JsonObject split(JsonObject request, Buffer tail) throws Exception {
    HttpResponse<byte[]> response =
        client.send(withElement(request), HttpResponse.BodyHandlers.ofByteArray());
    Buffer body = Buffer.buffer(response.body());
    assertEquals(200, response.statusCode(), body::toString);
    assertEquals(
        "application/octet-stream", response.headers().firstValue("content-type").orElseThrow());
    int length = (int) response.headers().firstValueAsLong(JSON_LENGTH).orElseThrow();
    tail.appendBuffer(body.slice(length, body.length()));
    return new JsonObject(body.slice(0, length));
  }

  private static int size(JsonObject json, int output) {
    JsonObject found = json.getJsonArray("outputs").getJsonObject(output);
    assertFalse(found.containsKey("data"));
    return found.getJsonObject("parameters").getInteger("binary_data_size");
  }

  @Test
  void allOutputsAfterTheJson() throws Exception {
    JsonObject request =
        request(binaryInput()).put("parameters", new JsonObject().put("binary_data_output", true));
    Buffer tail = Buffer.buffer();
    JsonObject json = split(request, tail);
    double[] direct = GrpcApiTest.direct(models.resolve("pictures"), 0);
    assertEquals(direct.length * Float.BYTES, size(json, 0));
    for (int i = 0; i < direct.length; i++) {
      assertEquals(direct[i], tail.getFloatLE(i * Float.BYTES), 1e-5);
    }
    Buffer label = tail.slice(size(json, 0), tail.length());
    assertEquals(size(json, 1), label.length());
    assertEquals(label.length() - Integer.BYTES, label.getIntLE(0));
    String plain = label.getString(Integer.BYTES, label.length());
    JsonArray inJson =
        new JsonObject(
                client
                    .send(withElement(request(binaryInput())), HttpResponse.BodyHandlers.ofString())
                    .body())
            .getJsonArray("outputs")
            .getJsonObject(1)
            .getJsonArray("data");
    assertEquals(new JsonArray().add(plain), inJson);
  }

  @Test
  void anOutputSaysForItselfWhereItGoes() throws Exception {
    JsonObject binary = new JsonObject().put("binary_data", true);
    JsonArray outputs =
        new JsonArray()
            .add(new JsonObject().put("name", "label"))
            .add(new JsonObject().put("name", "probabilities").put("parameters", binary));
    Buffer tail = Buffer.buffer();
    JsonObject json = split(request(binaryInput()).put("outputs", outputs), tail);
    assertEquals(size(json, 1), tail.length());
    JsonObject label = json.getJsonArray("outputs").getJsonObject(0);
    assertEquals(1, label.getJsonArray("data").size());
    binary.put("binary_data", "yes");
    HttpResponse<String> response =
        client.send(
            withElement(request(binaryInput()).put("outputs", outputs)),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(400, response.statusCode());
    assertTrue(response.body().contains("'binary_data' is true or false"), response::body);
  }

  @Test
  void contentIsInTheJsonOrBehindItForAllInputs() throws Exception {
    JsonObject typed = input().put("data", new JsonArray().add("text"));
    JsonObject mixed = request(binaryInput());
    mixed.getJsonArray("inputs").add(typed);
    HttpResponse<String> response =
        client.send(withElement(mixed), HttpResponse.BodyHandlers.ofString());
    assertEquals(400, response.statusCode());
    assertTrue(response.body().contains("1 of 2 inputs have binary_data_size"), response::body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{}",
        "{\"inputs\": 3}",
        "{\"inputs\": [3]}",
        "{\"inputs\": [{}]}",
        "{\"inputs\": [{\"name\": \"content\", \"datatype\": \"BYTES\", \"shape\": [\"1\"]}]}",
        "{\"inputs\": [{\"name\": \"content\", \"datatype\": \"BYTES\", \"shape\": [1]}]}",
        "{\"inputs\": [{\"name\": \"content\", \"datatype\": \"BYTES\", \"shape\": [1],"
            + " \"data\": [1]}]}",
        "{\"inputs\": [{\"name\": \"content\", \"datatype\": \"BYTES\", \"shape\": [1],"
            + " \"parameters\": {\"binary_data_size\": 99}}]}"
      })
  void whatIsNoRequestIsRefused(String body) throws Exception {
    HttpResponse<String> response = post(INFER, body.getBytes(UTF_8));
    assertEquals(400, response.statusCode(), response.body());
    assertTrue(new JsonObject(response.body()).containsKey("error"));
  }

  @Test
  void whatTheServerKnowsAboutItself() throws Exception {
    assertEquals(200, get("/v2/health/live").statusCode());
    assertEquals(200, get("/v2/health/ready").statusCode());
    assertEquals("graft", new JsonObject(get("/v2").body()).getString("name"));
    assertEquals(200, get("/v2/models/pictures/ready").statusCode());
    assertEquals(
        "content",
        new JsonObject(get("/v2/models/pictures/versions/1").body())
            .getJsonArray("inputs")
            .getJsonObject(0)
            .getString("name"));
    assertEquals(404, get("/v2/models/other").statusCode());
    assertEquals(404, get("/elsewhere").statusCode());
    assertEquals(400, get("/v2/models/..%2Fpictures").statusCode());
    JsonArray index = new JsonArray(post("/v2/repository/index", new byte[0]).body());
    assertEquals("READY", index.getJsonObject(0).getString("state"));
  }

  @Test
  void theIndexHasOnlyThoseThatAreReadyWhereThatIsAsked() throws Exception {
    Fixture.bundle(models.resolve("later"), 1);
    try {
      JsonArray all = new JsonArray(post("/v2/repository/index", "{}".getBytes(UTF_8)).body());
      assertEquals(2, all.size(), all::encode);
      byte[] ready = "{\"ready\": true}".getBytes(UTF_8);
      JsonArray some = new JsonArray(post("/v2/repository/index", ready).body());
      assertEquals(1, some.size(), some::encode);
      assertEquals("pictures", some.getJsonObject(0).getString("name"));
    } finally {
      AtomicFiles.deleteAll(models.resolve("later"));
    }
    byte[] wrong = "{\"ready\": 7}".getBytes(UTF_8);
    assertEquals(400, post("/v2/repository/index", wrong).statusCode());
  }
}
