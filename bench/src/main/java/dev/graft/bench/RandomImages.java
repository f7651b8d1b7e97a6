package dev.graft.bench;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Images of noise in one folder per class: what is in them does not change how long work takes. */
public final class RandomImages {

  /** Height and width of an image. */
  public static final int SIDE = 96;

  /** Training images of a class. */
  public static final int TRAINING = 200;

  private static final int TEST = 10;

  private RandomImages() {}

  /** Writes {@code train/<class>/<i>.png}, as many per class, and {@code test/<class>/<i>.png}. */
  public static void write(Path folder, int training) throws IOException {
    Random random = new Random(4);
    for (String label : Networks.labels()) {
      write(folder.resolve("train").resolve(label), training, random);
      write(folder.resolve("test").resolve(label), TEST, random);
    }
  }

  private static void write(Path folder, int count, Random random) throws IOException {
    Files.createDirectories(folder);
    for (int i = 0; i < count; i++) {
      BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          image.setRGB(x, y, random.nextInt(1 << 24));
        }
      }
      ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
    }
  }
}
