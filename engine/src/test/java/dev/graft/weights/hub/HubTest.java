package dev.graft.weights.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.internal.Digests;
import dev.graft.weights.hub.HubException.Reason;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubTest {

  private static final RepoId REPO = new RepoId("org/model");
  private static final String WEIGHTS = "model.safetensors";

  @TempDir private Path cache;
  private FakeHub hub;
  private final byte[] content = new byte[300_000];
  private final List<Duration> pauses = new ArrayList<>();
  private final List<String> heard = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    new Random(1).nextBytes(content);
    hub = new FakeHub();
    hub.small("config.json", "{\"model_type\":\"x\"}");
    hub.small("train.py", "import os");
    hub.large(WEIGHTS, content);
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void aRepositoryArrivesInTheStandardLayout() throws IOException {
    Path snapshot = pull(options());
    Path repo = cache.resolve("models--org--model");
    assertEquals(repo.resolve("snapshots").resolve(FakeHub.COMMIT), snapshot);
    assertEquals("{\"model_type\":\"x\"}", Files.readString(snapshot.resolve("config.json")));
    assertArrayEquals(content, Files.readAllBytes(snapshot.resolve(WEIGHTS)));
    assertFalse(Files.exists(snapshot.resolve("train.py")));
    assertEquals(
        Path.of("../../blobs").resolve(Digests.sha256(content)),
        Files.readSymbolicLink(snapshot.resolve(WEIGHTS)));
    assertEquals(FakeHub.COMMIT, Files.readString(repo.resolve("refs/main")));
    assertEquals(WEIGHTS + " 300000 of 300000", heard.get(heard.size() - 1));
  }

  @Test
  void whatIsThereIsNotFetchedAgain() throws IOException {
    Path first = pull(options());
    hub.requests.clear();
    assertEquals(first, pull(options()));
    assertEquals(List.of("hub GET /api/models/org/model/revision/main"), hub.requests);
  }

  @Test
  void aNewCommitFetchesOnlyWhatChanged() throws IOException {
    Path first = pull(options());
    hub.commit = "f".repeat(40);
    hub.small("config.json", "{\"model_type\":\"y\"}");
    hub.requests.clear();
    Path second = pull(options());
    assertEquals("{\"model_type\":\"x\"}", Files.readString(first.resolve("config.json")));
    assertEquals("{\"model_type\":\"y\"}", Files.readString(second.resolve("config.json")));
    assertArrayEquals(content, Files.readAllBytes(second.resolve(WEIGHTS)));
    assertTrue(hub.requests.stream().noneMatch(request -> request.startsWith("store")));
  }

  @Test
  void aBrokenTransferGoesOnWhereItStopped() throws IOException {
    hub.spoilStore(hub.breakAfter(WEIGHTS, 100_000));
    hub.spoilStore(hub.breakAfter(WEIGHTS, 50_000));
    Path snapshot = pull(options());
    assertArrayEquals(content, Files.readAllBytes(snapshot.resolve(WEIGHTS)));
    assertEquals(
        List.of(
            "store GET /model.safetensors",
            "store GET /model.safetensors bytes=100000-",
            "store GET /model.safetensors bytes=150000-"),
        storeRequests());
    assertEquals(List.of(Duration.ofSeconds(1), Duration.ofSeconds(1)), pauses);
  }

  @Test
  void aPullThatWasKilledGoesOnWhereItStopped() throws IOException {
    for (int i = 0; i < 5; i++) {
      hub.spoilStore(hub.breakAfter(WEIGHTS, i == 0 ? 120_000 : 0));
    }
    refused(Reason.UNREACHABLE, options());
    assertTrue(names("refs").isEmpty(), "no reference to a snapshot that is not complete");
    refused(Reason.NOT_CACHED, options().offline(true));
    hub.requests.clear();
    assertArrayEquals(content, Files.readAllBytes(pull(options()).resolve(WEIGHTS)));
    assertEquals(List.of("store GET /model.safetensors bytes=120000-"), storeRequests());
    assertEquals(0, names("blobs").stream().filter(name -> name.endsWith("incomplete")).count());
  }

  @Test
  void aServerThatCannotGoOnIsAskedForEverything() throws IOException {
    hub.spoilStore(hub.breakAfter(WEIGHTS, 1000));
    hub.spoilStore(FakeHub.status(416));
    assertArrayEquals(content, Files.readAllBytes(pull(options()).resolve(WEIGHTS)));
    assertEquals("store GET /model.safetensors", storeRequests().get(2));
  }

  @Test
  void aServerThatIgnoresTheRangeStartsAgain() throws IOException {
    hub.spoilStore(hub.breakAfter(WEIGHTS, 1000));
    hub.spoilStore(
        exchange -> {
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content);
          exchange.close();
          return true;
        });
    assertArrayEquals(content, Files.readAllBytes(pull(options()).resolve(WEIGHTS)));
  }

  @Test
  void aBeginningThatIsTooLongIsThrownAway() throws IOException {
    Path blobs = Files.createDirectories(cache.resolve("models--org--model/blobs"));
    Files.write(
        blobs.resolve(Digests.sha256(content) + ".incomplete"),
        Arrays.copyOf(content, content.length + 1));
    assertArrayEquals(content, Files.readAllBytes(pull(options()).resolve(WEIGHTS)));
  }

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
    hub.wantedToken = "secret";
    assertTrue(Files.exists(pull(withToken("secret")).resolve(WEIGHTS)));
    for (String request : List.copyOf(hub.requests)) {
      assertEquals(request.startsWith("hub"), request.contains("Bearer secret"), request);
    }
    assertTrue(hub.requests.stream().anyMatch(request -> request.startsWith("store")));
  }

  @Test
  void theTokenIsInNoMessage() {
    HubOptions options = withToken("secret");
    assertFalse(options.toString().contains("secret"));
    hub.wantedToken = "another";
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

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503})
  void aBusyServerIsAskedAgain(int status) throws IOException {
    hub.spoilHub(FakeHub.status(status));
    hub.spoilHub(FakeHub.status(status));
    hub.spoilHub(FakeHub.status(status, "Retry-After", "7"));
    hub.spoilHub(FakeHub.status(status, "Retry-After", "7000"));
    assertTrue(Files.exists(pull(options())));
    assertEquals(
        List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(7),
            Duration.ofSeconds(30)),
        pauses);
  }

  @Test
  void nobodyAnswers() {
    hub.close();
    HubException e = refused(Reason.UNREACHABLE, options());
    assertTrue(e.getMessage().contains("in 5 tries"), e.getMessage());
    assertEquals(List.of(1L, 2L, 4L, 8L), pauses.stream().map(Duration::toSeconds).toList());
  }

  @Test
  void aTransferThatFallsSilentIsBroken() throws IOException {
    CountDownLatch end = new CountDownLatch(1);
    hub.spoilStore(
        exchange -> {
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content, 0, 1000);
          exchange.getResponseBody().flush();
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
          return true;
        });
    HubOptions impatient =
        new HubOptions(
            Optional.of(hub.endpoint()),
            Optional.empty(),
            cache,
            false,
            HubOptions.BASE_MODEL,
            5,
            Duration.ofMillis(500));
    assertArrayEquals(content, Files.readAllBytes(pull(impatient).resolve(WEIGHTS)));
    end.countDown();
    assertEquals("store GET /model.safetensors bytes=1000-", storeRequests().get(1));
  }

  @Test
  void offlineFromTheCache() throws IOException {
    Path snapshot = pull(options());
    hub.close();
    assertEquals(snapshot, pull(options().offline(true)));
    assertEquals(
        snapshot, hub(options().offline(true)).pull(REPO, FakeHub.COMMIT, HubListener.NONE));
  }

  @Test
  void offlineWithoutACache() {
    HubException e = refused(Reason.NOT_CACHED, options().offline(true));
    assertTrue(e.getMessage().contains("pull it once"), e.getMessage());
    assertTrue(hub.requests.isEmpty());
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
  void aRevisionWithASlashIsEncoded() throws IOException {
    Path snapshot = hub(options()).pull(REPO, "refs/pr/1", HubListener.NONE);
    assertTrue(Files.exists(snapshot.resolve(WEIGHTS)));
    assertEquals("hub GET /api/models/org/model/revision/refs%2Fpr%2F1", hub.requests.get(0));
    assertEquals(
        FakeHub.COMMIT, Files.readString(cache.resolve("models--org--model/refs/refs/pr/1")));
  }

  @Test
  void aCommitThatIsNone() {
    hub.commit = "../../../evil";
    refused(Reason.PROTOCOL, options());
  }

  @Test
  void nothingMatches() {
    HubException e = refused(Reason.NOTHING_MATCHES, options().patterns(List.of("*.gguf")));
    assertTrue(e.getMessage().contains("train.py"), e.getMessage());
  }

  @Test
  void filesInFoldersAreFetchedWhenAskedFor() throws IOException {
    hub.small("onnx/config.json", "{}");
    assertFalse(Files.exists(pull(options()).resolve("onnx")));
    Path snapshot = pull(options().patterns(List.of("onnx/*.json")));
    assertEquals("{}", Files.readString(snapshot.resolve("onnx/config.json")));
  }

  @Test
  void checkpointsAreLeftOutWhereThereAreSafetensors() throws IOException {
    hub.large("pytorch_model.bin", content);
    assertFalse(Files.exists(pull(options()).resolve("pytorch_model.bin")));
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

  private HubOptions options() {
    return HubOptions.of(Map.of(), cache).cache(cache).endpoint(hub.endpoint());
  }

  private HubOptions withToken(String token) {
    return HubOptions.of(Map.of("HF_TOKEN", token), cache).cache(cache).endpoint(hub.endpoint());
  }

  private Path pull(HubOptions options) throws IOException {
    return hub(options)
        .pull(REPO, "main", (file, done, total) -> heard.add(file + " " + done + " of " + total));
  }

  private Hub hub(HubOptions options) {
    return new Hub(options, HttpClient.newHttpClient(), pauses::add);
  }

  private HubException refused(Reason reason, HubOptions options) {
    HubException e = assertThrows(HubException.class, () -> pull(options));
    assertEquals(reason, e.reason(), e.getMessage());
    return e;
  }

  private List<String> storeRequests() {
    return hub.requests.stream().filter(request -> request.startsWith("store")).toList();
  }

  private List<String> names(String folder) throws IOException {
    Path path = cache.resolve("models--org--model").resolve(folder);
    if (!Files.exists(path)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
