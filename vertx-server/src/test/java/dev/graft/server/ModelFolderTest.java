package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Links may lead from one place of the folder to another, and not out of it. */
@Timeout(60)
class ModelFolderTest {

  @TempDir private Path temp;
  private Path models;
  private Path outside;

  @BeforeEach
  void folders() throws IOException {
    models = temp.resolve("models");
    outside = bundle(temp.resolve("outside"));
  }

  private static Path bundle(Path folder) throws IOException {
    Files.writeString(Files.createDirectories(folder).resolve("graft.json"), "{}");
    return folder;
  }

  @Test
  void versionsThatLinkToTheOutsideAreLeftOutAndLogged() throws Exception {
    Path model = models.resolve("model");
    Path first = bundle(model.resolve("1"));
    Files.createSymbolicLink(model.resolve("2"), outside);
    Files.createSymbolicLink(model.resolve("3"), first);
    Path fourth = bundle(model.resolve("4"));
    Files.createSymbolicLink(
        fourth.resolve("model.safetensors"), Files.createFile(temp.resolve("weights")));
    Path fifth = bundle(model.resolve("5"));
    Files.createSymbolicLink(fifth.resolve("report.html"), temp.resolve("nothing"));
    try (LogLines log = new LogLines(ModelFolder.class)) {
      assertEquals(Set.of(1, 3), new ModelFolder(models).versions("model").keySet());
      log.await("outside of the models");
      log.await("outside of the models");
    }
  }

  @Test
  void modelsThatLinkToTheOutsideAreNone() throws Exception {
    bundle(models.resolve("model"));
    Files.createSymbolicLink(models.resolve("link"), outside);
    Files.createSymbolicLink(models.resolve("other"), models.resolve("model"));
    Path whole = bundle(models.resolve("whole"));
    Files.createSymbolicLink(whole.resolve("model.safetensors"), outside.resolve("graft.json"));
    ModelFolder folder = new ModelFolder(models);
    try (LogLines log = new LogLines(ModelFolder.class)) {
      assertEquals(Set.of(), folder.versions("whole").keySet());
      assertEquals(Set.of(), folder.versions("link").keySet());
      log.await("outside of the models");
      log.await("outside of the models");
    }
    assertEquals(Set.of(1), folder.versions("other").keySet());
  }
}
