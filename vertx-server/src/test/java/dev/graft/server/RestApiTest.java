package dev.graft.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.bundle.Bundle;
import dev.graft.infer.Predictor;
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
    JsonArray data = json.getJsonArray("outputs").getJsonObject(0).getJsonArray("data");
    try (Predictor predictor =
        Predictor.open(Bundle.open(models.resolve("pictures")), Fixture.REGISTRY)) {
      double[] direct = predictor.submit(predictor.decode("x", Fixture.picture(0))).get();
      for (int i = 0; i < direct.length; i++) {
        assertEquals(direct[i], data.getDouble(i), 1e-5);
      }
    }
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

  @Test
  void contentAfterTheJson() throws Exception {
    Buffer element =
        Buffer.buffer().appendIntLE(Fixture.picture(0).length).appendBytes(Fixture.picture(0));
    JsonObject input =
        input().put("parameters", new JsonObject().put("binary_data_size", element.length()));
    Buffer json = request(input).toBuffer();
    int length = json.length();
    HttpResponse<String> response =
        post(
            INFER,
            Buffer.buffer().appendBuffer(json).appendBuffer(element).getBytes(),
            "Inference-Header-Content-Length",
            Integer.toString(length));
    assertEquals(200, response.statusCode(), response.body());
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
}
