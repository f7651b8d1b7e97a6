package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.bundle.Bundle;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BundleOpenerTest {

  @TempDir private Path models;

  /** The bundle says so in its manifest alone: whoever looked at its tensors would see no rank. */
  @Test
  void adaptersOfTooHighARankAreRefused() throws Exception {
    Path folder = models.resolve("pictures");
    Fixture.bundle(folder, 1);
    try (BundleOpener opener =
        new BundleOpener(ModelOptions.of(models).withMaxRank(16), Fixture.REGISTRY)) {
      opener.open(Bundle.open(folder)).close();
      for (String rank : List.of("17", "4294967297", "9223372036854775807")) {
        rank(folder, rank);
        Bundle large = Bundle.open(folder);
        IOException e = assertThrows(IOException.class, () -> opener.open(large));
        assertTrue(e.getMessage().contains("of rank " + rank + ", at most 16"), e::getMessage);
      }
    }
  }

  private static void rank(Path folder, String rank) throws IOException {
    Path manifest = folder.resolve("graft.json");
    JsonObject json = new JsonObject(Files.readString(manifest));
    JsonObject change =
        new JsonObject("{\"id\": \"adapter\", \"settings\": {\"rank\": %s}}".formatted(rank));
    Files.writeString(manifest, json.put("surgery", new JsonArray().add(change)).encode());
  }
}
