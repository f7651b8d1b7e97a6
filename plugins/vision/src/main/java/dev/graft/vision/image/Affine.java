package dev.graft.vision.image;

/**
 * A linear map from target to source coordinates: {@code x' = a x + b y + c, y' = d x + e y + f}.
 *
 * <p>Warping asks for each target pixel where it comes from, so this is the inverse of the movement
 * that one sees.
 */
public record Affine(double a, double b, double c, double d, double e, double f) {

  /**
   * What is done to the image, in this order: shear, scale, turn, move; all about a centre.
   *
   * @param angle degrees, clockwise
   * @param moveX pixels to the right
   * @param moveY pixels down
   * @param scale factor above 0, 1 keeps the size
   * @param shearX degrees along x
   * @param shearY degrees along y
   */
  public record Movement(
      double angle, double moveX, double moveY, double scale, double shearX, double shearY) {

    /** A turn alone, in degrees clockwise. */
    public static Movement rotate(double angle) {
      return new Movement(angle, 0, 0, 1, 0, 0);
    }

    /** A move alone, in pixels right and down. */
    public static Movement translate(double x, double y) {
      return new Movement(0, x, y, 1, 0, 0);
    }

    /** A shear alone, in degrees along x and along y. */
    public static Movement shear(double x, double y) {
      return new Movement(0, 0, 0, 1, x, y);
    }
  }

  /**
   * The inverse of a movement about a centre, torchvision's formula: rotation and shear {@code
   * R(angle) Sy Sx}, undone.
   */
  public static Affine inverse(Movement movement, double centreX, double centreY) {
    if (!(movement.scale() > 0)) {
      throw new IllegalArgumentException(
          "scale %s; it must be above 0, 1 keeps the size".formatted(movement.scale()));
    }
    double rotation = Math.toRadians(movement.angle());
    double sx = Math.toRadians(movement.shearX());
    double sy = Math.toRadians(movement.shearY());
    double ma = Math.cos(rotation - sy) / Math.cos(sy);
    double mb = -Math.cos(rotation - sy) * Math.tan(sx) / Math.cos(sy) - Math.sin(rotation);
    double mc = Math.sin(rotation - sy) / Math.cos(sy);
    double md = -Math.sin(rotation - sy) * Math.tan(sx) / Math.cos(sy) + Math.cos(rotation);
    double a = md / movement.scale();
    double b = -mb / movement.scale();
    double d = -mc / movement.scale();
    double e = ma / movement.scale();
    double backX = -centreX - movement.moveX();
    double backY = -centreY - movement.moveY();
    return new Affine(a, b, a * backX + b * backY + centreX, d, e, d * backX + e * backY + centreY);
  }
}
