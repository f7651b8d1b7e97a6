package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.server.jobs.FakeGraft;
import dev.graft.server.jobs.TrainingOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Training and the page over HTTP, on processes that only look as if they trained. */
@Timeout(300)
class RestTransferTest {

  private static final String FIT =
      "{\"transfer\": {\"base\": \"base\", \"data\": \"set\", \"methods\": \"%s\"}}";

  @TempDir static Path temp;
  private static Fixture fixture;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeAll
  static void start() throws Exception {
    Fixture.bundle(temp.resolve("models").resolve("pictures"), 1);
    Files.createDirectories(temp.resolve("bases").resolve("base"));
    Fixture.bundle(temp.resolve("data").resolve("set").resolve("base"), 1);
    TrainingOptions training =
        TrainingOptions.of(
            temp.resolve("bases"), temp.resolve("data"), temp.resolve("jobs"), FakeGraft.command());
    fixture = new Fixture(ServerOptions.of(temp.resolve("models")).withTraining(training));
  }

  @AfterAll
  static void stop() throws Exception {
    fixture.close();
  }

  private HttpResponse<String> post(String call, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(fixture.uri("/graft/v1/" + call))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private JsonObject answer(String call, String body) throws Exception {
    HttpResponse<String> response = post(call, body);
    assertEquals(200, response.statusCode(), response.body());
    return new JsonObject(response.body());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(fixture.uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aJobIsMadeWatchedReportedAndPromoted() throws Exception {
    assertEquals(
        new JsonObject()
            .put("bases", new JsonArray().add("base"))
            .put("data", new JsonArray().add("set")),
        answer("ListNames", ""));
    String job = answer("Fit", FIT.formatted("ok")).getString("id");
    String name = new JsonObject().put("job", job).encode();
    List<JsonObject> events = post("Watch", name).body().lines().map(JsonObject::new).toList();
    assertTrue(events.size() > 1, "events and an end");
    assertEquals(
        "SUCCEEDED", events.get(events.size() - 1).getJsonObject("ended").getString("state"));
    assertTrue(answer("GetReport", name).getString("html").contains("<!doctype html>"));
    String promote = new JsonObject().put("job", job).put("model", "promoted").encode();
    assertEquals(1, answer("Promote", promote).getInteger("version"));
    assertEquals(
        job, answer("ListJobs", "{}").getJsonArray("jobs").getJsonObject(0).getString("id"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "Fit ! no json ! 400 ! no FitRequest",
        "Fit ! {\"transfer\": 7} ! 400 ! no FitRequest",
        "Fit ! {\"transfer\": {\"base\": \"other\", \"data\": \"set\"}} ! 404 ! base",
        "Fit ! {\"transfer\": {\"base\": \"../base\", \"data\": \"set\"}} ! 400 ! name",
        "Watch ! {\"job\": \"job-7\"} ! 404 ! job-7",
        "GetReport ! {} ! 400 ! job",
        "Audit ! {} ! 501 ! there are no audits yet",
        "Explain ! {} ! 501 ! there are no explanations yet",
        "NoSuchCall ! {} ! 404 ! nothing at this path"
      })
  void whatMakesNoSenseIsRefused(String call, String body, int status, String part)
      throws Exception {
    HttpResponse<String> response = post(call, body);
    assertEquals(status, response.statusCode(), response.body());
    String message = new JsonObject(response.body()).getString("error");
    assertTrue(message.contains(part), message);
  }

  @Test
  void aConfigurationHasLabelsAndTheKindOfInput() throws Exception {
    HttpResponse<String> response = get("/v2/models/pictures/config");
    JsonObject config = new JsonObject(response.body());
    JsonObject parameters = config.getJsonObject("parameters");
    JsonArray labels = new JsonArray(parameters.getJsonObject("labels").getString("string_value"));
    assertEquals(3, labels.size());
    JsonObject probabilities = config.getJsonArray("output").getJsonObject(0);
    assertEquals(new JsonArray().add("3"), probabilities.getJsonArray("dims"));
    assertEquals("TYPE_FP32", probabilities.getString("data_type"));
    assertFalse(parameters.getJsonObject("modality").getString("string_value").isEmpty());
    assertEquals(404, get("/v2/models/other/config").statusCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "index.html", "page.css", "page.js", "calls.js", "chart.js"})
  void thePageAndWhatItLoadsComeFromHereAlone(String file) throws Exception {
    HttpResponse<String> response = get("/page/" + file);
    assertEquals(200, response.statusCode());
    assertFalse(response.body().isEmpty());
    String policy = response.headers().firstValue("content-security-policy").orElseThrow();
    assertTrue(policy.contains("script-src 'self';"), policy);
    assertFalse(response.body().contains("src=\"http"));
  }

  /** Java's client asks to change to HTTP/2 with its first request. */
  @Test
  void aLargeAnswerReachesWhoeverChangesToHttp2() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(fixture.uri("/page/chart.js")).build();
    String expected = get("/page/chart.js").body();
    for (int i = 0; i < 40; i++) {
      HttpResponse<String> response =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      assertEquals(HttpClient.Version.HTTP_2, response.version());
      assertEquals(expected, response.body());
    }
  }

  @Test
  void reportsRunCutOffFromThePage() throws Exception {
    HttpResponse<String> response = get("/page/report.html");
    String policy = response.headers().firstValue("content-security-policy").orElseThrow();
    assertTrue(policy.startsWith("sandbox allow-scripts;"), policy);
    assertFalse(policy.contains("connect-src"), policy);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/page/../calls.js", "/page/%2e%2e/Page.class", "/page/nothing"})
  void nothingElseIsRead(String path) throws Exception {
    assertEquals(404, get(path).statusCode());
  }
}
