package dev.graft.vision.augment;

import dev.graft.vision.image.ColorAdjust;
import dev.graft.vision.image.Image;
import java.util.random.RandomGenerator;

/**
 * Changes brightness, contrast, saturation and hue by random amounts, in random order. A strength
 * of {@code s} draws factors from {@code max(0, 1 - s)} to {@code 1 + s}; 0 leaves the quantity
 * alone.
 *
 * @param brightness strength, 0 or more
 * @param contrast strength, 0 or more
 * @param saturation strength, 0 or more
 * @param hue largest shift in parts of a full turn, 0 … 0.5
 */
public record ColorJitter(double brightness, double contrast, double saturation, double hue)
    implements Augmentation {

  public ColorJitter {
    if (!(brightness >= 0 && contrast >= 0 && saturation >= 0 && hue >= 0 && hue <= 0.5)) {
      throw new IllegalArgumentException(
          "strengths %s, %s, %s and hue %s; strengths are 0 or more, hue 0 to 0.5"
              .formatted(brightness, contrast, saturation, hue));
    }
  }

  @Override
  public Image apply(Image image, RandomGenerator random) {
    int[] order = {0, 1, 2, 3};
    for (int i = order.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
    Image changed = image;
    for (int step : order) {
      changed =
          switch (step) {
            case 0 ->
                brightness == 0
                    ? changed
                    : ColorAdjust.brightness(changed, factor(brightness, random));
            case 1 ->
                contrast == 0 ? changed : ColorAdjust.contrast(changed, factor(contrast, random));
            case 2 ->
                saturation == 0
                    ? changed
                    : ColorAdjust.saturation(changed, factor(saturation, random));
            default ->
                hue == 0 ? changed : ColorAdjust.hue(changed, new Range(-hue, hue).draw(random));
          };
    }
    return changed;
  }

  private static double factor(double strength, RandomGenerator random) {
    return new Range(Math.max(0, 1 - strength), 1 + strength).draw(random);
  }
}
