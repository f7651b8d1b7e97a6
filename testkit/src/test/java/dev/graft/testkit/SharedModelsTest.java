package dev.graft.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.graft.weights.BaseFolder;
import dev.graft.weights.ReadOptions;
import dev.graft.weights.ReadOptions.Access;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Real base models open, with their cards, and hold nothing that is not a number. */
class SharedModelsTest {

  @TestFactory
  Stream<DynamicTest> sharedModels() throws IOException {
    try (Stream<Path> folders = Files.list(SharedFolder.require("models"))) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("config.json")))
          .sorted()
          .toList()
          .stream()
          .map(
              folder ->
                  DynamicTest.dynamicTest(folder.getFileName().toString(), () -> check(folder)));
    }
  }

  private static void check(Path folder) throws IOException {
    BaseFolder base = BaseFolder.open(folder, ReadOptions.defaults().with(Access.MAP));
    assertEquals(List.of(), base.weights().nonFinite());
    assertFalse(base.card().licence().isEmpty(), "no licence");
    if (Files.exists(folder.resolve("labels.txt"))) {
      assertEquals(base.config().get("num_labels"), base.card().labels().size());
    }
    Weights parity = Weights.open(folder.resolve("parity.safetensors"));
    assertFalse(parity.names().isEmpty());
  }
}
