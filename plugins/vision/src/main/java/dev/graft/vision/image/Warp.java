package dev.graft.vision.image;

/**
 * Turning, shearing and moving of 8-bit images, bit for bit as Pillow's {@code Image.transform}.
 *
 * <p>The result has the size of the source; what comes from outside of it is black.
 */
public final class Warp {

  private static final int POINT = 16;

  private Warp() {}

  /**
   * Moves an image about its middle.
   *
   * @param interpolation {@link Interpolation#NEAREST} or {@link Interpolation#BILINEAR}
   */
  public static Image move(Image image, Affine.Movement movement, Interpolation interpolation) {
    return apply(
        image, Affine.inverse(movement, image.width() * 0.5, image.height() * 0.5), interpolation);
  }

  /**
   * Fills each pixel from where the map points to, in coordinates that count from the corner.
   *
   * @param interpolation {@link Interpolation#NEAREST} or {@link Interpolation#BILINEAR}
   */
  public static Image apply(Image image, Affine toSource, Interpolation interpolation) {
    return switch (interpolation) {
      case NEAREST ->
          toSource.b() == 0 && toSource.d() == 0
              ? straight(image, toSource)
              : nearest(image, toSource);
      case BILINEAR -> bilinear(image, toSource);
      default ->
          throw new IllegalArgumentException(
              "cannot warp with %s; take nearest or bilinear".formatted(interpolation));
    };
  }

  /** Without turn or shear Pillow steps along the axes in floating point instead. */
  private static Image straight(Image image, Affine map) {
    int[] columns = steps(map.c(), map.a(), image.width());
    int[] rows = steps(map.f(), map.e(), image.height());
    byte[] out = image.blank();
    for (int y = 0; y < rows.length; y++) {
      for (int x = 0; x < columns.length; x++) {
        if (rows[y] >= 0 && columns[x] >= 0) {
          copy(image, columns[x], rows[y], out, y * image.width() + x);
        }
      }
    }
    return new Image(image.width(), image.height(), image.channels(), out);
  }

  private static int[] steps(double offset, double step, int size) {
    double position = offset + step * 0.5;
    int[] sources = new int[size];
    for (int i = 0; i < size; i++) {
      sources[i] = position < 0 || position >= size ? -1 : (int) position;
      position += step;
    }
    return sources;
  }

  private static Image nearest(Image image, Affine map) {
    int a = fixed(map.a());
    int b = fixed(map.b());
    int d = fixed(map.d());
    int e = fixed(map.e());
    int startX = fixed(map.c() + map.a() * 0.5 + map.b() * 0.5);
    int startY = fixed(map.f() + map.d() * 0.5 + map.e() * 0.5);
    byte[] out = image.blank();
    for (int y = 0; y < image.height(); y++) {
      int sourceX = startX + y * b;
      int sourceY = startY + y * e;
      for (int x = 0; x < image.width(); x++) {
        int column = sourceX >> POINT;
        int row = sourceY >> POINT;
        if (column >= 0 && column < image.width() && row >= 0 && row < image.height()) {
          copy(image, column, row, out, y * image.width() + x);
        }
        sourceX += a;
        sourceY += d;
      }
    }
    return new Image(image.width(), image.height(), image.channels(), out);
  }

  private static int fixed(double value) {
    return (int) Math.floor(value * (1 << POINT) + 0.5);
  }

  private static void copy(Image image, int column, int row, byte[] out, int to) {
    int channels = image.channels();
    int from = (row * image.width() + column) * channels;
    for (int c = 0; c < channels; c++) {
      out[to * channels + c] = image.pixels()[from + c];
    }
  }

  private static Image bilinear(Image image, Affine map) {
    byte[] out = image.blank();
    int to = 0;
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        double sourceX = map.a() * (x + 0.5) + map.b() * (y + 0.5) + map.c();
        double sourceY = map.d() * (x + 0.5) + map.e() * (y + 0.5) + map.f();
        if (sourceX >= 0 && sourceX < image.width() && sourceY >= 0 && sourceY < image.height()) {
          mix(image, sourceX - 0.5, sourceY - 0.5, out, to);
        }
        to += image.channels();
      }
    }
    return new Image(image.width(), image.height(), image.channels(), out);
  }

  /** The mean of the four pixels around a point, weighted by nearness; rounded down. */
  private static void mix(Image image, double x, double y, byte[] out, int to) {
    int left = (int) Math.floor(x);
    int top = (int) Math.floor(y);
    double dx = x - left;
    double dy = y - top;
    int x0 = Math.max(left, 0);
    int x1 = Math.min(left + 1, image.width() - 1);
    int y0 = Math.max(top, 0);
    int y1 = Math.min(top + 1, image.height() - 1);
    for (int c = 0; c < image.channels(); c++) {
      double upper = between(image.at(x0, y0, c), image.at(x1, y0, c), dx);
      double lower = between(image.at(x0, y1, c), image.at(x1, y1, c), dx);
      out[to + c] = (byte) (int) (upper + (lower - upper) * dy);
    }
  }

  private static double between(int from, int to, double part) {
    return from + (to - from) * part;
  }
}
