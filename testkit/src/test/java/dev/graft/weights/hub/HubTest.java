package dev.graft.weights.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.internal.Digests;
import dev.graft.testkit.hub.FakeHub;
import dev.graft.weights.hub.HubException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pull brings, and how it goes on after a failure that passes. */
class HubTest extends HubTestCase {

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

  /** Without its pieces a translating model reads nothing. */
  @Test
  void piecesOfBothLanguagesArrive() throws IOException {
    hub.small("source.spm", "one");
    hub.small("target.spm", "two");
    Path snapshot = pull(options());
    assertEquals("one", Files.readString(snapshot.resolve("source.spm")));
    assertEquals("two", Files.readString(snapshot.resolve("target.spm")));
  }

  @Test
  void whatIsThereIsNotFetchedAgain() throws IOException {
    Path first = pull(options());
    hub.requests().clear();
    assertEquals(first, pull(options()));
    assertEquals(List.of("hub GET /api/models/org/model/revision/main"), hub.requests());
  }

  @Test
  void aNewCommitFetchesOnlyWhatChanged() throws IOException {
    Path first = pull(options());
    hub.commit("f".repeat(40));
    hub.small("config.json", "{\"model_type\":\"y\"}");
    hub.requests().clear();
    Path second = pull(options());
    assertEquals("{\"model_type\":\"x\"}", Files.readString(first.resolve("config.json")));
    assertEquals("{\"model_type\":\"y\"}", Files.readString(second.resolve("config.json")));
    assertArrayEquals(content, Files.readAllBytes(second.resolve(WEIGHTS)));
    assertTrue(hub.requests().stream().noneMatch(request -> request.startsWith("store")));
  }

  @Test
  void aBrokenTransferGoesOnWhereItStopped() throws IOException {
    hub.spoilStore(hub.breakAfter(WEIGHTS, 100_000));
    hub.spoilStore(hub.breakAfter(WEIGHTS, 50_000));
    Path snapshot = pull(options());
    assertArrayEquals(content, Files.readAllBytes(snapshot.resolve(WEIGHTS)));
    List<Long> from = offsets();
    assertEquals(3, from.size(), () -> "" + from);
    assertTrue(0 < from.get(1) && from.get(1) <= 100_000, () -> "" + from);
    assertTrue(from.get(1) < from.get(2) && from.get(2) <= from.get(1) + 50_000, () -> "" + from);
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
    hub.requests().clear();
    String part =
        names("blobs").stream().filter(name -> name.endsWith("incomplete")).findFirst().get();
    long arrived = Files.size(cache.resolve("models--org--model").resolve("blobs").resolve(part));
    assertTrue(0 < arrived && arrived <= 120_000, () -> arrived + " bytes");
    assertArrayEquals(content, Files.readAllBytes(pull(options()).resolve(WEIGHTS)));
    assertEquals(List.of(arrived), offsets());
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
  void aRevisionWithASlashIsEncoded() throws IOException {
    Path snapshot = hub(options()).pull(REPO, "refs/pr/1", HubListener.NONE);
    assertTrue(Files.exists(snapshot.resolve(WEIGHTS)));
    assertEquals("hub GET /api/models/org/model/revision/refs%2Fpr%2F1", hub.requests().get(0));
    assertEquals(
        FakeHub.COMMIT, Files.readString(cache.resolve("models--org--model/refs/refs/pr/1")));
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
}
