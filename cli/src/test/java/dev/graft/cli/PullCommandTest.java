package dev.graft.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.testkit.hub.FakeHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PullCommandTest {

  @TempDir private Path cache;
  private FakeHub hub;

  @BeforeEach
  void publishTheBaseOfTheDemo() throws IOException {
    hub = new FakeHub();
    Path base = Ran.demo("glyphs-base");
    for (String name : new String[] {"config.json", "preprocessor_config.json"}) {
      hub.small(name, Files.readString(base.resolve(name)));
    }
    hub.large("model.safetensors", Files.readAllBytes(base.resolve("model.safetensors")));
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  private Ran pull(Map<String, String> environment, Object... more) {
    Object[] words = new Object[4 + more.length];
    System.arraycopy(new Object[] {"pull", "org/model", "--cache", cache}, 0, words, 0, 4);
    System.arraycopy(more, 0, words, 4, more.length);
    return Ran.graft(environment, words);
  }

  private static void refused(Ran ran, String why) {
    assertEquals(1, ran.code(), ran.err());
    assertEquals("", ran.out());
    assertEquals(1, ran.err().lines().count(), ran.err());
    assertTrue(ran.err().startsWith("graft: ") && ran.err().contains(why), ran.err());
  }

  @Test
  void whatArrivesIsABase() throws IOException {
    Ran ran = pull(Map.of(), "--endpoint", hub.endpoint());
    assertEquals(0, ran.code(), ran.err());
    Path folder = Path.of(ran.out().strip());
    assertArrayEquals(
        Files.readAllBytes(Ran.demo("glyphs-base").resolve("model.safetensors")),
        Files.readAllBytes(folder.resolve("model.safetensors")));
    Ran plan = Ran.graft("plan", "--base", folder, "--data", Ran.demo("glyphs-target"));
    assertEquals(0, plan.code(), plan.err());
  }

  @Test
  void theAddressMayStandInTheEnvironment() {
    Ran ran = pull(Map.of("HF_ENDPOINT", hub.endpoint().toString()), "--json");
    assertEquals(0, ran.code(), ran.err());
    assertEquals("main", ran.json().get("revision").asText());
    Path folder = Path.of(ran.json().get("folder").asText());
    assertTrue(Files.exists(folder.resolve("config.json")), folder.toString());
  }

  @Test
  void theRevisionIsAskedFor() {
    assertEquals(0, pull(Map.of(), "--endpoint", hub.endpoint(), "--revision", "v2").code());
    assertTrue(
        hub.requests().contains("hub GET /api/models/org/model/revision/v2"),
        hub.requests().toString());
    refused(pull(Map.of(), "--offline"), "is not in " + cache);
    assertEquals(0, pull(Map.of(), "--offline", "--revision", "v2").code());
  }

  @Test
  void offlineAsksTheCacheAlone() {
    refused(pull(Map.of(), "--offline"), "pull it once");
    Ran first = pull(Map.of(), "--endpoint", hub.endpoint());
    hub.requests().clear();
    Ran again = pull(Map.of("HF_ENDPOINT", hub.endpoint().toString()), "--offline");
    assertEquals(first.out(), again.out());
    assertTrue(hub.requests().isEmpty(), hub.requests().toString());
  }

  @Test
  void theTokenComesFromTheEnvironment() {
    hub.wantToken("secret");
    refused(pull(Map.of(), "--endpoint", hub.endpoint()), "HF_TOKEN");
    Ran wrong = pull(Map.of("HF_TOKEN", "other"), "--endpoint", hub.endpoint());
    refused(wrong, "HF_TOKEN");
    assertFalse(wrong.err().contains("other"), wrong.err());
    assertEquals(0, pull(Map.of("HF_TOKEN", "secret"), "--endpoint", hub.endpoint()).code());
  }

  @Test
  void thereIsNoAddressByDefault() {
    refused(pull(Map.of()), "HF_ENDPOINT");
  }

  @Test
  void aNameThatIsNoneIsRefused() {
    refused(
        Ran.graft("pull", "../model", "--cache", cache, "--endpoint", hub.endpoint()),
        "'../model' is no repository name");
  }
}
