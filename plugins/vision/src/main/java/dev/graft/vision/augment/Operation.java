package dev.graft.vision.augment;

import dev.graft.vision.image.Affine;
import dev.graft.vision.image.Affine.Movement;
import dev.graft.vision.image.ColorAdjust;
import dev.graft.vision.image.Image;
import dev.graft.vision.image.Interpolation;
import dev.graft.vision.image.ToneCurves;
import dev.graft.vision.image.Warp;
import java.util.random.RandomGenerator;

/**
 * The fourteen operations that RandAugment and TrivialAugment draw from. Each takes a level from 0
 * (nothing) to {@link #LEVELS} - 1; moves and enhancements go either way.
 */
enum Operation {
  IDENTITY,
  SHEAR_X,
  SHEAR_Y,
  TRANSLATE_X,
  TRANSLATE_Y,
  ROTATE,
  BRIGHTNESS,
  COLOR,
  CONTRAST,
  SHARPNESS,
  POSTERIZE,
  SOLARIZE,
  AUTOCONTRAST,
  EQUALIZE;

  /** Number of levels, level 0 included. */
  static final int LEVELS = 31;

  /**
   * How far the highest level goes.
   *
   * @param shear tangent of the angle
   * @param pixels of a move
   * @param share of a move, in parts of the side, added to the pixels
   * @param degrees of a turn
   * @param enhance change of a factor from 1
   * @param bits removed by posterizing
   */
  record Strength(
      double shear, double pixels, double share, double degrees, double enhance, int bits) {}

  Image apply(Image image, int level, Strength strength, RandomGenerator random) {
    double part = (double) level / (LEVELS - 1);
    double signed = random.nextBoolean() ? part : -part;
    double shear = Math.toDegrees(Math.atan(signed * strength.shear()));
    double factor = 1 + signed * strength.enhance();
    return switch (this) {
      case IDENTITY -> image;
      case SHEAR_X -> move(image, Movement.shear(shear, 0));
      case SHEAR_Y -> move(image, Movement.shear(0, shear));
      case TRANSLATE_X ->
          move(image, Movement.translate(pixels(signed, image.width(), strength), 0));
      case TRANSLATE_Y ->
          move(image, Movement.translate(0, pixels(signed, image.height(), strength)));
      case ROTATE ->
          Warp.move(image, Movement.rotate(signed * strength.degrees()), Interpolation.NEAREST);
      case BRIGHTNESS -> ColorAdjust.brightness(image, factor);
      case COLOR -> ColorAdjust.saturation(image, factor);
      case CONTRAST -> ColorAdjust.contrast(image, factor);
      case SHARPNESS -> ColorAdjust.sharpness(image, factor);
      case POSTERIZE -> ToneCurves.posterize(image, 8 - (int) Math.rint(part * strength.bits()));
      case SOLARIZE -> ToneCurves.solarize(image, (int) Math.ceil(255 - 255 * part));
      case AUTOCONTRAST -> ToneCurves.autocontrast(image);
      case EQUALIZE -> ToneCurves.equalize(image);
    };
  }

  /** About the upper left corner, as in the papers' code. */
  private static Image move(Image image, Movement movement) {
    return Warp.apply(image, Affine.inverse(movement, 0, 0), Interpolation.NEAREST);
  }

  private static int pixels(double signed, int side, Strength strength) {
    return (int) (signed * (strength.pixels() + strength.share() * side));
  }
}
