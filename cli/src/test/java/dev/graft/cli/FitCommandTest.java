package dev.graft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FitCommandTest {

  private static final int PER_CLASS = 10;

  @TempDir private Path temp;

  /** Images of two classes, not yet in parts. */
  @BeforeEach
  void images() throws IOException {
    for (String name : List.of("dark", "light")) {
      Path folder = Files.createDirectories(temp.resolve("data").resolve(name));
      for (int i = 0; i < PER_CLASS; i++) {
        BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
        image.setRGB(i, i, (name.equals("light") ? Color.WHITE : Color.GRAY).getRGB());
        ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
      }
    }
  }

  private Path run() {
    return temp.resolve("run");
  }

  private Ran fit(String share) {
    return Ran.graft(
        "fit",
        "--base",
        Ran.demo("glyphs-base"),
        "--data",
        temp.resolve("data"),
        "--validation-share",
        share,
        "--method",
        "linear-probe:solver=gradient:epochs=3",
        "--out",
        run());
  }

  private List<String> part(String name) throws IOException {
    return Files.readAllLines(run().resolve("split").resolve(name + ".txt"));
  }

  @Test
  void allLabelsAreTrainedOnWhereNoneAreToSelect() throws IOException {
    Ran fit = fit("0");
    assertEquals(0, fit.code(), fit.err());
    assertFalse(fit.out().contains("validation"), fit.out());
    List<String> training = part("training");
    assertEquals(2 * 8, training.size(), "a fifth is the test part");
    assertEquals(List.of(), part("validation"));
    Ran resumed = Ran.graft("resume", run());
    assertEquals(0, resumed.code(), "the same parts: " + resumed.err());
    assertEquals(training, part("training"));
  }

  @Test
  void halfOfTheLabelsMaySelect() throws IOException {
    assertEquals(0, fit("0.5").code());
    assertEquals(2 * 4, part("validation").size());
  }

  @Test
  void aShareThatLeavesNothingToTrainOnIsRefused() {
    Ran fit = fit("1");
    assertEquals(1, fit.code(), fit.err());
    assertTrue(fit.err().contains("validation share 1.0"), fit.err());
  }
}
