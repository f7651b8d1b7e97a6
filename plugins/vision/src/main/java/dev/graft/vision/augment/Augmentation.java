package dev.graft.vision.augment;

import dev.graft.vision.image.Image;
import java.util.List;
import java.util.random.RandomGenerator;

/** A random change of an image, for training only. No state: all randomness is passed in. */
@FunctionalInterface
public interface Augmentation {

  /** The changed image; the one given stays as it is. */
  Image apply(Image image, RandomGenerator random);

  /** Several, one after the other. */
  static Augmentation chain(List<Augmentation> steps) {
    List<Augmentation> copy = List.copyOf(steps);
    return (image, random) -> {
      Image changed = image;
      for (Augmentation step : copy) {
        changed = step.apply(changed, random);
      }
      return changed;
    };
  }
}
