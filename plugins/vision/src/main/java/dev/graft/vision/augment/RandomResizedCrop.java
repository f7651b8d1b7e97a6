package dev.graft.vision.augment;

import dev.graft.vision.image.Geometry;
import dev.graft.vision.image.Geometry.Box;
import dev.graft.vision.image.Image;
import dev.graft.vision.image.Interpolation;
import dev.graft.vision.image.Resize;
import java.util.random.RandomGenerator;

/**
 * Cuts out a part of random area, shape and place and resizes it. Source: Szegedy et al. 2015,
 * "Going deeper with convolutions"; the drawing is torchvision's.
 *
 * @param height rows of the result
 * @param width pixels per row of the result
 * @param area part of the image's area, 0 … 1
 * @param ratio width over height of the part before resizing
 * @param interpolation how to resize
 */
public record RandomResizedCrop(
    int height, int width, Range area, Range ratio, Interpolation interpolation)
    implements Augmentation {

  private static final int ATTEMPTS = 10;

  public RandomResizedCrop {
    if (!(area.min() > 0 && area.max() <= 1 && ratio.min() > 0)) {
      throw new IllegalArgumentException(
          "area %s and ratio %s; areas are above 0 and up to 1, ratios above 0"
              .formatted(area, ratio));
    }
  }

  @Override
  public Image apply(Image image, RandomGenerator random) {
    Box box = draw(image.height(), image.width(), random);
    return Resize.to(Geometry.crop(image, box), width, height, interpolation);
  }

  private Box draw(int imageHeight, int imageWidth, RandomGenerator random) {
    for (int i = 0; i < ATTEMPTS; i++) {
      double target = (double) imageHeight * imageWidth * area.draw(random);
      double shape = ratio.drawLogarithmically(random);
      int boxWidth = (int) Math.rint(Math.sqrt(target * shape));
      int boxHeight = (int) Math.rint(Math.sqrt(target / shape));
      if (boxWidth > 0 && boxWidth <= imageWidth && boxHeight > 0 && boxHeight <= imageHeight) {
        int top = random.nextInt(imageHeight - boxHeight + 1);
        int left = random.nextInt(imageWidth - boxWidth + 1);
        return new Box(top, left, boxHeight, boxWidth);
      }
    }
    return middle(imageHeight, imageWidth);
  }

  /** The largest part of an allowed shape, where no drawn one fits. */
  private Box middle(int imageHeight, int imageWidth) {
    double shape = (double) imageWidth / imageHeight;
    int boxWidth = imageWidth;
    int boxHeight = imageHeight;
    if (shape < ratio.min()) {
      boxHeight = Math.min((int) Math.rint(imageWidth / ratio.min()), imageHeight);
    } else if (shape > ratio.max()) {
      boxWidth = Math.min((int) Math.rint(imageHeight * ratio.max()), imageWidth);
    }
    boxHeight = Math.max(boxHeight, 1);
    boxWidth = Math.max(boxWidth, 1);
    return new Box((imageHeight - boxHeight) / 2, (imageWidth - boxWidth) / 2, boxHeight, boxWidth);
  }
}
