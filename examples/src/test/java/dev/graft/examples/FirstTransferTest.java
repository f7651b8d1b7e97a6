package dev.graft.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.bundle.Bundle;
import dev.graft.testkit.SharedFolder;
import dev.graft.vision.image.Image;
import dev.graft.vision.image.ImageEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program of the README runs as it stands, on the base and the data of the demo. */
final class FirstTransferTest {

  @TempDir private Path temp;

  @Test
  void fitsEvaluatesSavesAndPredicts() throws Exception {
    Path demo = SharedFolder.root().resolve("examples/demo");
    Path run = temp.resolve("run");
    Path image = temp.resolve("image.png");
    Files.write(image, ImageEncoder.png(new Image(32, 32, 1, new byte[32 * 32])));
    FirstTransfer.main(
        new String[] {
          demo.resolve("glyphs-base").toString(),
          demo.resolve("glyphs-target").toString(),
          run.toString(),
          image.toString()
        });
    double accuracy =
        Bundle.open(run.resolve("bundle")).manifest().metrics().get("test").get("accuracy");
    assertTrue(accuracy > 0.5, "15 Greek letters from 20 images each: " + accuracy);
  }
}
