package dev.graft.vision.augment;

import dev.graft.vision.image.Image;
import java.util.random.RandomGenerator;

/**
 * One random operation of random strength from a wide range, nothing to tune. Source: Müller and
 * Hutter 2021, "TrivialAugment", the wide space.
 */
public record TrivialAugment() implements Augmentation {

  private static final Operation.Strength WIDE = new Operation.Strength(0.99, 32, 0, 135, 0.99, 6);

  @Override
  public Image apply(Image image, RandomGenerator random) {
    Operation[] all = Operation.values();
    Operation operation = all[random.nextInt(all.length)];
    return operation.apply(image, random.nextInt(Operation.LEVELS), WIDE, random);
  }
}
