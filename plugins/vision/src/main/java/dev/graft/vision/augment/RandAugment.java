package dev.graft.vision.augment;

import dev.graft.vision.image.Image;
import java.util.random.RandomGenerator;

/**
 * A few random operations of one fixed strength. Source: Cubuk et al. 2020, "RandAugment".
 *
 * @param operations how many, one after the other; usually 2
 * @param level strength, 0 … 30; usually 9
 */
public record RandAugment(int operations, int level) implements Augmentation {

  private static final Operation.Strength USUAL =
      new Operation.Strength(0.3, 0, 150.0 / 331, 30, 0.9, 4);

  public RandAugment {
    if (operations < 0 || level < 0 || level >= Operation.LEVELS) {
      throw new IllegalArgumentException(
          "%d operations at level %d; operations are 0 or more, levels 0 to %d"
              .formatted(operations, level, Operation.LEVELS - 1));
    }
  }

  @Override
  public Image apply(Image image, RandomGenerator random) {
    Operation[] all = Operation.values();
    Image changed = image;
    for (int i = 0; i < operations; i++) {
      changed = all[random.nextInt(all.length)].apply(changed, level, USUAL, random);
    }
    return changed;
  }
}
