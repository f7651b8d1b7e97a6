package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.server.protocol.ModelReadyRequest;
import dev.graft.server.protocol.ModelReadyResponse;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What browsers send for pages of others, to a server without tokens. */
@Timeout(120)
class BrowserAccessTest {

  private static final String READY = "/inference.GRPCInferenceService/ModelReady";
  private static final String UNLOAD = "/v2/repository/models/pictures/unload";
  private static final String INDEX = "/v2/repository/index";

  @TempDir static Path models;
  private static Fixture fixture;
  private static HttpClient client;

  @BeforeAll
  static void start() throws Exception {
    Fixture.bundle(models.resolve("pictures"), 1);
    fixture = new Fixture(ServerOptions.of(models));
    client = fixture.vertx.createHttpClient();
  }

  @AfterAll
  static void stop() throws Exception {
    fixture.close();
  }

  private record Answer(int status, String body) {}

  private static Answer ask(HttpMethod method, String path, String host, String... headers)
      throws Exception {
    int port = fixture.server.port();
    RequestOptions options =
        new RequestOptions()
            .setServer(SocketAddress.inetSocketAddress(port, ServerOptions.LOOPBACK))
            .setMethod(method)
            .setHost(host)
            .setPort(port)
            .setURI(path);
    for (int i = 0; i < headers.length; i += 2) {
      options.putHeader(headers[i], headers[i + 1]);
    }
    ModelReadyRequest asked = ModelReadyRequest.newBuilder().setName("pictures").build();
    Buffer message = Buffer.buffer(asked.toByteArray());
    Buffer frame = Buffer.buffer().appendByte((byte) 0).appendInt(message.length());
    boolean grpc = path.equals(READY);
    return Fixture.await(
        client
            .request(options)
            .compose(
                sent ->
                    // On the event loop, so that nobody asks for the body after its end.
                    (grpc ? sent.send(frame.appendBuffer(message)) : sent.send())
                        .compose(
                            answer ->
                                answer
                                    .body()
                                    .map(
                                        body ->
                                            new Answer(answer.statusCode(), body.toString())))));
  }

  private static String own() {
    return "http://127.0.0.1:" + fixture.server.port();
  }

  private static void assertStillThere() throws Exception {
    assertTrue(
        fixture
            .call(
                "ModelReady",
                ModelReadyRequest.newBuilder().setName("pictures").build(),
                ModelReadyResponse.getDefaultInstance())
            .getReady());
  }

  @Test
  void pagesElsewhereAreRefused() throws Exception {
    for (String origin : new String[] {"http://evil.example", "null", "http://127.0.0.1:1"}) {
      Answer answer = ask(HttpMethod.POST, UNLOAD, "127.0.0.1", "origin", origin);
      assertEquals(403, answer.status());
      assertTrue(answer.body().contains("those of " + own() + " may"), answer::body);
    }
    assertEquals(
        403,
        ask(
                HttpMethod.POST,
                READY,
                "127.0.0.1",
                "origin",
                "http://evil.example",
                "content-type",
                "application/grpc-web+proto")
            .status());
    assertStillThere();
  }

  /** Without an origin, as browsers ask for pictures, scripts and what links lead to. */
  @Test
  void picturesAndLinksOfPagesElsewhereAreRefusedExceptToThePage() throws Exception {
    String model = "/v2/models/pictures";
    for (String site : new String[] {"cross-site", "same-site", "made up"}) {
      Answer answer = ask(HttpMethod.GET, model, "127.0.0.1", "sec-fetch-site", site);
      assertEquals(403, answer.status());
      assertTrue(answer.body().contains("'" + site + "'"), answer::body);
      String behindThePage = "/page/.." + model;
      assertEquals(
          403, ask(HttpMethod.GET, behindThePage, "127.0.0.1", "sec-fetch-site", site).status());
      assertEquals(
          200, ask(HttpMethod.GET, "/page/", "127.0.0.1", "sec-fetch-site", site).status());
    }
    for (String site : new String[] {"same-origin", "none"}) {
      Answer answer = ask(HttpMethod.GET, model, "127.0.0.1", "sec-fetch-site", site);
      assertEquals(200, answer.status(), answer::body);
    }
  }

  @Test
  void pagesUnderANameThatWasMadeToPointHereAreRefused() throws Exception {
    String rebound = "http://evil.example:" + fixture.server.port();
    assertEquals(403, ask(HttpMethod.GET, "/v2", "evil.example").status());
    assertEquals(403, ask(HttpMethod.GET, "/page/", "evil.example").status());
    assertEquals(403, ask(HttpMethod.POST, UNLOAD, "evil.example", "origin", rebound).status());
    assertEquals(
        403,
        ask(
                HttpMethod.POST,
                READY,
                "evil.example",
                "origin",
                rebound,
                "content-type",
                "application/grpc-web+proto")
            .status());
    assertStillThere();
  }

  @Test
  void itsOwnPageAndProgramsAreServed() throws Exception {
    assertEquals(200, ask(HttpMethod.GET, "/page/", "127.0.0.1").status());
    assertEquals(200, ask(HttpMethod.GET, "/v2", "localhost").status());
    assertEquals(200, ask(HttpMethod.POST, INDEX, "127.0.0.1").status());
    assertEquals(200, ask(HttpMethod.POST, INDEX, "127.0.0.1", "origin", own()).status());
    Answer web =
        ask(
            HttpMethod.POST,
            READY,
            "127.0.0.1",
            "origin",
            own(),
            "content-type",
            "application/grpc-web+proto");
    assertEquals(200, web.status());
    assertTrue(web.body().contains("grpc-status:0"), web::body);
  }
}
