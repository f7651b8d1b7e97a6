package dev.graft.weights.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.graft.testkit.hub.FakeHub;
import dev.graft.weights.hub.HubException.Reason;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A hub on this machine with one repository, and an empty cache. */
abstract class HubTestCase {

  static final RepoId REPO = new RepoId("org/model");
  static final String WEIGHTS = "model.safetensors";

  @TempDir Path cache;
  FakeHub hub;
  final byte[] content = new byte[300_000];
  final List<Duration> pauses = new ArrayList<>();
  final List<String> heard = new ArrayList<>();

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

  HubOptions options() {
    return HubOptions.of(Map.of(), cache).cache(cache).endpoint(hub.endpoint());
  }

  HubOptions withToken(String token) {
    return HubOptions.of(Map.of("HF_TOKEN", token), cache).cache(cache).endpoint(hub.endpoint());
  }

  Path pull(HubOptions options) throws IOException {
    return hub(options)
        .pull(REPO, "main", (file, done, total) -> heard.add(file + " " + done + " of " + total));
  }

  Hub hub(HubOptions options) {
    return new Hub(options, HttpClient.newHttpClient(), pauses::add);
  }

  HubException refused(Reason reason, HubOptions options) {
    HubException e = assertThrows(HubException.class, () -> pull(options));
    assertEquals(reason, e.reason(), e.getMessage());
    return e;
  }

  List<String> storeRequests() {
    return hub.requests().stream().filter(request -> request.startsWith("store")).toList();
  }

  /**
   * Where in the weights each request began. A connection that breaks may take the last bytes with
   * it, so that no test can know them to the byte.
   */
  List<Long> offsets() {
    return storeRequests().stream()
        .map(request -> request.replaceFirst("^[^=]*(=(\\d+)-)?$", "$2"))
        .map(offset -> offset.isEmpty() ? 0 : Long.parseLong(offset))
        .toList();
  }

  List<String> names(String folder) throws IOException {
    Path path = cache.resolve("models--org--model").resolve(folder);
    if (!Files.exists(path)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
