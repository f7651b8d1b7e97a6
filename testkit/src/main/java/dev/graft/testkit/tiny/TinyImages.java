package dev.graft.testkit.tiny;

import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.tensor.HostTensor;
import java.util.List;
import java.util.Random;

/**
 * Pictures of 8 x 8 pixels in three classes that differ in where the light is: left, top, or
 * everywhere in stripes. The same seed gives the same pictures, in any order and on any thread.
 *
 * @param size number of pictures; classes take turns
 * @param seed of the noise
 */
public record TinyImages(int size, long seed) implements Dataset {

  /** Height and width in pixels. */
  public static final int SIDE = 8;

  private static final List<String> CLASSES = List.of("left", "top", "striped");
  private static final double LIGHT = 90;
  private static final double NOISE = 45;

  @Override
  public String id(int index) {
    return "tiny-image-%d-%d".formatted(seed, index);
  }

  @Override
  public double target(int index) {
    return index % CLASSES.size();
  }

  @Override
  public List<String> classes() {
    return CLASSES;
  }

  /** The picture as {@code image} (8, 8, 3) UINT8. */
  @Override
  public Example load(int index) {
    Random random = new Random(seed * 1_000_003 + index);
    byte[] pixels = new byte[SIDE * SIDE * 3];
    for (int i = 0; i < pixels.length; i++) {
      int row = i / 3 / SIDE;
      int column = i / 3 % SIDE;
      boolean lit =
          switch (index % CLASSES.size()) {
            case 0 -> column < SIDE / 2;
            case 1 -> row < SIDE / 2;
            default -> column % 2 == 0;
          };
      double value = 80 + (lit ? LIGHT : 0) + NOISE * random.nextGaussian();
      pixels[i] = (byte) Math.round(Math.max(0, Math.min(255, value)));
    }
    return Example.of(id(index), "image", HostTensor.of(pixels, SIDE, SIDE, 3));
  }
}
