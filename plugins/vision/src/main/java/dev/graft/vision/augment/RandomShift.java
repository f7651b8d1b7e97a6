package dev.graft.vision.augment;

import dev.graft.vision.image.Geometry;
import dev.graft.vision.image.Geometry.Border;
import dev.graft.vision.image.Geometry.Box;
import dev.graft.vision.image.Geometry.Margins;
import dev.graft.vision.image.Image;
import java.util.random.RandomGenerator;

/**
 * Adds a black border and cuts the old size out at a random place: usual for images of 32 x 32,
 * with 4 pixels. Source: He et al. 2016, "Deep residual learning", section 4.2.
 *
 * @param pixels largest shift in each direction
 */
public record RandomShift(int pixels) implements Augmentation {

  public RandomShift {
    if (pixels < 0) {
      throw new IllegalArgumentException("shift by %d pixels; 0 or more work".formatted(pixels));
    }
  }

  @Override
  public Image apply(Image image, RandomGenerator random) {
    Margins margins = new Margins(pixels, pixels, pixels, pixels);
    Image large = Geometry.pad(image, margins, Border.CONSTANT, 0);
    int top = random.nextInt(2 * pixels + 1);
    int left = random.nextInt(2 * pixels + 1);
    return Geometry.crop(large, new Box(top, left, image.height(), image.width()));
  }
}
