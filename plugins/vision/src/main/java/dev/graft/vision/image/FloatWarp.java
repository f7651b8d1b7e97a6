package dev.graft.vision.image;

/**
 * Affine and perspective movements of float images, as torchvision does them on tensors: each
 * target pixel is sampled bilinearly from the source, outside of which all is 0.
 */
public final class FloatWarp {

  private FloatWarp() {}

  /** Moves an image about its middle. */
  public static FloatImage affine(FloatImage image, Affine.Movement movement) {
    double middleX = image.width() * 0.5;
    double middleY = image.height() * 0.5;
    Affine map = Affine.inverse(movement, middleX, middleY);
    return sample(
        image,
        (x, y, source) -> {
          source[0] = map.a() * x + map.b() * y + map.c();
          source[1] = map.d() * x + map.e() * y + map.f();
        });
  }

  /**
   * Moves four corners to new places and everything else with them.
   *
   * @param from four points {@code {x, y}} in pixels
   * @param to where they come to lie, in the same order; no three on a line
   */
  public static FloatImage perspective(FloatImage image, double[][] from, double[][] to) {
    double[] k = Perspective.coefficients(to, from);
    return sample(
        image,
        (x, y, source) -> {
          double depth = k[6] * x + k[7] * y + 1;
          source[0] = (k[0] * x + k[1] * y + k[2]) / depth;
          source[1] = (k[3] * x + k[4] * y + k[5]) / depth;
        });
  }

  /** Where a target pixel's middle comes from; coordinates count from the image's corner. */
  private interface Map {
    void locate(double x, double y, double[] source);
  }

  private static FloatImage sample(FloatImage image, Map map) {
    float[] out = new float[image.values().length];
    double[] source = new double[2];
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        map.locate(x + 0.5, y + 0.5, source);
        for (int c = 0; c < image.channels(); c++) {
          out[(c * image.height() + y) * image.width() + x] =
              bilinear(image, c, source[0] - 0.5, source[1] - 0.5);
        }
      }
    }
    return image.with(out);
  }

  private static float bilinear(FloatImage image, int channel, double x, double y) {
    int left = (int) Math.floor(x);
    int top = (int) Math.floor(y);
    float dx = (float) (x - left);
    float dy = (float) (y - top);
    return value(image, channel, left, top) * (1 - dx) * (1 - dy)
        + value(image, channel, left + 1, top) * dx * (1 - dy)
        + value(image, channel, left, top + 1) * (1 - dx) * dy
        + value(image, channel, left + 1, top + 1) * dx * dy;
  }

  private static float value(FloatImage image, int channel, int x, int y) {
    boolean inside = x >= 0 && x < image.width() && y >= 0 && y < image.height();
    return inside ? image.at(channel, y, x) : 0;
  }
}
