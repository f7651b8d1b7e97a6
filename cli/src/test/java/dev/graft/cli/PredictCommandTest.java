package dev.graft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictCommandTest {

  @TempDir private Path temp;

  @Test
  void oneFileThatCannotBeReadDoesNotSilenceTheOthers() throws IOException {
    Path run = temp.resolve("run");
    Ran fit =
        Ran.graft(
            "fit",
            "--base",
            Ran.demo("glyphs-base"),
            "--data",
            Ran.demo("glyphs-target"),
            "--k-per-class",
            "4",
            "--out",
            run);
    assertEquals(0, fit.code(), fit.err());
    Path good = temp.resolve("good.png");
    ImageIO.write(new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY), "png", good.toFile());
    Path bad = Files.writeString(temp.resolve("bad.png"), "no image");
    Path none = temp.resolve("none.png");
    Ran ran =
        Ran.graft("predict", "--json", "--bundle", run.resolve("bundle"), bad, good, none, good);
    assertEquals(1, ran.code());
    assertEquals(2, ran.json().path("predictions").size());
    assertEquals(good.toString(), ran.json().path("predictions").get(0).path("id").asText());
    assertTrue(ran.err().contains("bad.png") && ran.err().contains("none.png"), ran.err());
  }
}
