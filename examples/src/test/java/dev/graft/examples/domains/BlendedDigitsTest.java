package dev.graft.examples.domains;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.Graft;
import dev.graft.registry.Registry;
import dev.graft.tensor.HostTensor;
import dev.graft.testkit.SharedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlendedDigitsTest {

  @TempDir Path work;

  @Test
  void aDigitInFrontOfAPhotographIsTheDifference() {
    HostTensor digit = HostTensor.of(new byte[] {0, (byte) 255, 100, 0}, 2, 2, 1);
    byte[] grey = new byte[3 * 3 * 3];
    java.util.Arrays.fill(grey, (byte) 60);
    byte[] blended = Blending.blended(digit, HostTensor.of(grey, 3, 3, 3), new Random(1));
    byte background = 60;
    byte bright = (byte) 195;
    assertArrayEquals(
        new byte[] {
          background,
          background,
          background,
          bright,
          bright,
          bright,
          40,
          40,
          40,
          background,
          background,
          background
        },
        blended);
  }

  /** A small run of the whole way on real data: it ends, and its labels are where they belong. */
  @Test
  void adaptsDigitsToFlowers() throws IOException {
    Path base = SharedFolder.require("models/resnet20-cifar10");
    Path digits = SharedFolder.require("data/mnist-sample");
    Path flowers = SharedFolder.require("data/flowers-128");
    Graft graft = Graft.with(Registry.load(getClass().getClassLoader()));
    List<BlendedDigits.Outcome> outcomes =
        new BlendedDigits(graft, base, digits, work)
            .run(flowers, List.of("mcc"), new BlendedDigits.Size(8, 60, 2, 0.02), 0);
    assertEquals(2, outcomes.size());
    for (BlendedDigits.Outcome each : outcomes) {
      assertTrue(each.target() > 0.08, each.toString());
    }
    try (var runs = Files.list(work)) {
      for (Path run : runs.filter(path -> Files.exists(path.resolve("split"))).toList()) {
        assertEquals(60, Files.readAllLines(run.resolve("split/unlabelled.txt")).size());
        assertEquals(1000, Files.readAllLines(run.resolve("split/test.txt")).size());
      }
    }
  }
}
