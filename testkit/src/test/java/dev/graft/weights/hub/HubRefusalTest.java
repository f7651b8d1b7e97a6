package dev.graft.weights.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.internal.Digests;
import dev.graft.testkit.hub.FakeHub;
import dev.graft.weights.hub.HubException.Reason;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, and what nobody gets to see. */
class HubRefusalTest extends HubTestCase {

  @Test
  void aWrongDigestIsThrownAway() throws IOException {
    byte[] wrong = content.clone();
    wrong[7]++;
    hub.spoilStore(
        exchange -> {
          exchange.sendResponseHeaders(200, wrong.length);
          exchange.getResponseBody().write(wrong);
          exchange.close();
          return true;
        });
    HubException e = refused(Reason.WRONG_DIGEST, options());
    assertTrue(e.getMessage().contains(Digests.sha256(wrong)), e.getMessage());
    assertTrue(names("refs").isEmpty());
    assertEquals(1, names("blobs").size(), "only the configuration");
    assertArrayEquals(content, Files.readAllBytes(pull(options()).resolve(WEIGHTS)));
  }

  @Test
  void aSmallFileIsCheckedByItsGitDigest() {
    hub.spoilHub(exchange -> false);
    hub.spoilHub(exchange -> false);
    hub.spoilHub(
        exchange -> {
          byte[] wrong = "{\"model_type\":\"z\"}".getBytes(UTF_8);
          exchange.sendResponseHeaders(200, wrong.length);
          exchange.getResponseBody().write(wrong);
          exchange.close();
          return true;
        });
    refused(Reason.WRONG_DIGEST, options());
  }

  @Test
  void aServerThatSendsMoreThanItAnnounced() {
    hub.spoilStore(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(content);
          exchange.getResponseBody().write(content);
          exchange.close();
          return true;
        });
    refused(Reason.PROTOCOL, options());
  }

  @Test
  void theTokenGoesToTheHubAndNotToTheStore() throws IOException {
    hub.wantToken("secret");
    assertTrue(Files.exists(pull(withToken("secret")).resolve(WEIGHTS)));
    for (String request : List.copyOf(hub.requests())) {
      assertEquals(request.startsWith("hub"), request.contains("Bearer secret"), request);
    }
    assertTrue(hub.requests().stream().anyMatch(request -> request.startsWith("store")));
  }

  @Test
  void theTokenIsInNoMessage() {
    HubOptions options = withToken("secret");
    assertFalse(options.toString().contains("secret"));
    hub.wantToken("another");
    assertFalse(refused(Reason.UNAUTHORIZED, options).toString().contains("secret"));
    assertThrows(
        IllegalArgumentException.class, () -> options.endpoint(URI.create("http://hub.example")));
  }

  @ParameterizedTest
  @CsvSource({
    "401,UNAUTHORIZED,set HF_TOKEN",
    "403,FORBIDDEN,ask its owner",
    "404,NOT_FOUND,check the repository's name",
    "400,PROTOCOL,is the endpoint a hub"
  })
  void aRefusalSaysTheNextStep(int status, Reason reason, String next) {
    hub.spoilHub(FakeHub.status(status, "X-Error-Message", "because"));
    HubException e = refused(reason, options());
    assertTrue(e.getMessage().contains(next), e.getMessage());
    assertTrue(e.getMessage().contains("(because)"), e.getMessage());
    assertEquals(List.of(), pauses);
  }

  @Test
  void offlineWithoutACache() {
    HubException e = refused(Reason.NOT_CACHED, options().offline(true));
    assertTrue(e.getMessage().contains("pull it once"), e.getMessage());
    assertTrue(hub.requests().isEmpty());
  }

  @Test
  void noEndpoint() {
    HubOptions options = HubOptions.of(Map.of(), cache);
    HubException e = refused(Reason.UNREACHABLE, options);
    assertTrue(e.getMessage().contains("HF_ENDPOINT"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../evil.json",
        "/etc/evil.json",
        "a/../../evil.json",
        "a\\evil.json",
        "a//b.json"
      })
  void aFileThatWouldLeaveTheCache(String name) {
    hub.small(name, "{}");
    refused(Reason.UNSAFE_NAME, options());
  }

  @ParameterizedTest
  @ValueSource(strings = {"../main", "a//b", "", "a/.."})
  void aRevisionThatWouldLeaveTheCache(String revision) {
    HubException e =
        assertThrows(
            HubException.class, () -> hub(options()).pull(REPO, revision, HubListener.NONE));
    assertEquals(Reason.UNSAFE_NAME, e.reason());
  }

  @Test
  void aCommitThatIsNone() {
    hub.commit("../../../evil");
    refused(Reason.PROTOCOL, options());
  }

  @Test
  void nothingMatches() {
    HubException e = refused(Reason.NOTHING_MATCHES, options().patterns(List.of("*.gguf")));
    assertTrue(e.getMessage().contains("train.py"), e.getMessage());
  }

  @Test
  void aTagThatIsNoDigestIsRefused() {
    hub.spoilHub(exchange -> false);
    hub.spoilHub(
        FakeHub.status(
            302, "X-Linked-Etag", "\"../../evil\"", "X-Linked-Size", "3", "Location", "/x"));
    refused(Reason.PROTOCOL, options());
  }

  @Test
  void aRedirectWithoutEnd() {
    for (int i = 0; i < 10; i++) {
      hub.spoilHub(FakeHub.status(302, "Location", "/again"));
    }
    refused(Reason.PROTOCOL, options());
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "ftp://example/x", "", "http:", "::"})
  void aRedirectToSomethingElse(String location) {
    hub.spoilHub(FakeHub.status(302, "Location", location));
    refused(Reason.PROTOCOL, options());
  }

  @Test
  void aClientThatFollowsRedirectsByItselfIsRefused() {
    HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS).build();
    Hub careless = new Hub(options(), client, pauses::add);
    assertThrows(
        IllegalArgumentException.class, () -> careless.pull(REPO, "main", HubListener.NONE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b/c", "../x", "a/..", "a--b", "/x", "x/", "a b", "a/b\n", ".x"})
  void aNameThatIsNoRepository(String name) {
    assertThrows(IllegalArgumentException.class, () -> new RepoId(name));
  }
}
