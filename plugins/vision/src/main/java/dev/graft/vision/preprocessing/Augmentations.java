package dev.graft.vision.preprocessing;

import dev.graft.plan.Stream;
import dev.graft.vision.augment.Augmentation;
import dev.graft.vision.augment.ColorJitter;
import dev.graft.vision.augment.RandAugment;
import dev.graft.vision.augment.RandomErasing;
import dev.graft.vision.augment.RandomFlip;
import dev.graft.vision.augment.RandomResizedCrop;
import dev.graft.vision.augment.RandomShift;
import dev.graft.vision.augment.Range;
import dev.graft.vision.augment.TrivialAugment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Random paths for training, put together from steps by name.
 *
 * <table>
 * <caption>Steps</caption>
 * <tr><td>crop</td><td>random resized crop, 20 to 100 % of the area, ratios 3/4 to 4/3</td></tr>
 * <tr><td>shift</td><td>a move of up to an eighth of the side</td></tr>
 * <tr><td>flip</td><td>left and right exchanged, every other time</td></tr>
 * <tr><td>trivial</td><td>TrivialAugment, wide</td></tr>
 * <tr><td>rand</td><td>RandAugment, 2 operations of level 9</td></tr>
 * <tr><td>jitter</td><td>brightness, contrast, saturation by up to 40 %, hue by up to a tenth</td></tr>
 * <tr><td>erase</td><td>a part covered with the mean colour, every fourth time</td></tr>
 * </table>
 *
 * The steps run in the order of this table; {@code none} is the deterministic path. Without {@code
 * crop} the image is first resized and cropped as in evaluation. The steps see RGB; only {@code
 * erase} sees the network's channels.
 */
final class Augmentations {

  /** Names of the steps, in the order in which they run. */
  static final Set<String> STEPS =
      Collections.unmodifiableSet(
          new LinkedHashSet<>(
              List.of("crop", "shift", "flip", "trivial", "rand", "jitter", "erase")));

  private Augmentations() {}

  static Augmentation of(String id, ImagePreprocessing preprocessing) {
    List<String> names = id.equals(Stream.NONE) ? List.of() : List.of(id.split("-"));
    if (!STEPS.containsAll(names)) {
      throw new IllegalArgumentException(
          "augmentation '%s' is not known; there is '%s', or any of %s joined by hyphens"
              .formatted(id, Stream.NONE, STEPS));
    }
    List<Augmentation> steps = new ArrayList<>();
    if (!names.contains("crop")) {
      steps.add((image, random) -> preprocessing.fit(image));
    }
    STEPS.stream()
        .filter(step -> names.contains(step) && !step.equals("erase"))
        .forEach(step -> steps.add(step(step, preprocessing)));
    steps.add((image, random) -> preprocessing.arrange(image));
    if (names.contains("erase")) {
      steps.add(RandomErasing.usual(0.25, meanColor(preprocessing)));
    }
    return Augmentation.chain(steps);
  }

  private static Augmentation step(String name, ImagePreprocessing preprocessing) {
    int height = preprocessing.size().height();
    int width = preprocessing.size().width();
    return switch (name) {
      case "crop" ->
          new RandomResizedCrop(
              height,
              width,
              new Range(0.2, 1),
              new Range(3.0 / 4, 4.0 / 3),
              preprocessing.interpolation());
      case "shift" -> new RandomShift(Math.max(Math.min(height, width) / 8, 1));
      case "flip" -> new RandomFlip(0.5);
      case "trivial" -> new TrivialAugment();
      case "rand" -> new RandAugment(2, 9);
      case "jitter" -> new ColorJitter(0.4, 0.4, 0.4, 0.1);
      default -> throw new IllegalStateException("no step " + name);
    };
  }

  /** The bytes that normalisation makes 0. */
  private static List<Integer> meanColor(ImagePreprocessing preprocessing) {
    return preprocessing.mean().stream()
        .map(mean -> (int) Math.min(Math.max(Math.rint(mean / preprocessing.rescale()), 0), 255))
        .toList();
  }
}
