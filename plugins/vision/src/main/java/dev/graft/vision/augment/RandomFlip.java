package dev.graft.vision.augment;

import dev.graft.vision.image.Geometry;
import dev.graft.vision.image.Image;
import java.util.random.RandomGenerator;

/**
 * Exchanges left and right, sometimes.
 *
 * @param probability of doing it, 0 … 1
 */
public record RandomFlip(double probability) implements Augmentation {

  public RandomFlip {
    Range.requireProbability(probability);
  }

  @Override
  public Image apply(Image image, RandomGenerator random) {
    return random.nextDouble() < probability ? Geometry.flipHorizontally(image) : image;
  }
}
