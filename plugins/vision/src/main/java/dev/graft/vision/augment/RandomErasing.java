package dev.graft.vision.augment;

import dev.graft.vision.image.Image;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Covers a part of random area, shape and place with one colour, sometimes. Source: Zhong et al.
 * 2020, "Random erasing data augmentation".
 *
 * @param probability of doing it, 0 … 1
 * @param area part of the image's area, 0 … 1
 * @param ratio width over height of the part
 * @param color the cover, one value 0 … 255 per channel
 */
public record RandomErasing(double probability, Range area, Range ratio, List<Integer> color)
    implements Augmentation {

  private static final int ATTEMPTS = 10;

  public RandomErasing {
    Range.requireProbability(probability);
    color = List.copyOf(color);
    if (!(area.min() > 0 && area.max() <= 1 && ratio.min() > 0)) {
      throw new IllegalArgumentException(
          "area %s and ratio %s; areas are above 0 and up to 1, ratios above 0"
              .formatted(area, ratio));
    }
  }

  /** The published strength: 2 % to a third of the area, ratios 0.3 to 3.3. */
  public static RandomErasing usual(double probability, List<Integer> color) {
    return new RandomErasing(probability, new Range(0.02, 0.33), new Range(0.3, 3.3), color);
  }

  @Override
  public Image apply(Image image, RandomGenerator random) {
    if (color.size() != image.channels()) {
      throw new IllegalArgumentException(
          "a cover of %d values for %s; one value per channel".formatted(color.size(), image));
    }
    if (random.nextDouble() >= probability) {
      return image;
    }
    for (int i = 0; i < ATTEMPTS; i++) {
      double target = (double) image.height() * image.width() * area.draw(random);
      double shape = ratio.drawLogarithmically(random);
      int width = (int) Math.rint(Math.sqrt(target * shape));
      int height = (int) Math.rint(Math.sqrt(target / shape));
      if (width > 0 && width < image.width() && height > 0 && height < image.height()) {
        int top = random.nextInt(image.height() - height + 1);
        int left = random.nextInt(image.width() - width + 1);
        return cover(image, top, left, height, width);
      }
    }
    return image;
  }

  private Image cover(Image image, int top, int left, int height, int width) {
    byte[] out = image.pixels().clone();
    for (int y = top; y < top + height; y++) {
      for (int x = left; x < left + width; x++) {
        for (int c = 0; c < image.channels(); c++) {
          out[(y * image.width() + x) * image.channels() + c] = color.get(c).byteValue();
        }
      }
    }
    return new Image(image.width(), image.height(), image.channels(), out);
  }
}
