package dev.graft.vision.image;

/** Cutting, bordering and mirroring of 8-bit images: pixels move, none changes its value. */
public final class Geometry {

  private Geometry() {}

  /**
   * A rectangle in pixels.
   *
   * @param top first row
   * @param left first column
   * @param height rows
   * @param width columns
   */
  public record Box(int top, int left, int height, int width) {}

  /**
   * How many pixels to add on each side.
   *
   * @param left columns before the first
   * @param top rows above the first
   * @param right columns after the last
   * @param bottom rows below the last
   */
  public record Margins(int left, int top, int right, int bottom) {
    public Margins {
      if (left < 0 || top < 0 || right < 0 || bottom < 0) {
        throw new IllegalArgumentException(
            "margins %d, %d, %d, %d; none may be negative, to cut use crop"
                .formatted(left, top, right, bottom));
      }
    }
  }

  /** What a border is filled with. */
  public enum Border {
    /** One colour. */
    CONSTANT,
    /** The outermost pixel repeated. */
    EDGE,
    /** The image mirrored, without repeating its outermost pixel. */
    REFLECT,
    /** The image mirrored, its outermost pixel repeated. */
    SYMMETRIC
  }

  /** The part inside a box, which must lie within the image. */
  public static Image crop(Image image, Box box) {
    if (box.top() < 0
        || box.left() < 0
        || box.height() < 1
        || box.width() < 1
        || box.top() > image.height() - box.height()
        || box.left() > image.width() - box.width()) {
      throw new IllegalArgumentException("%s does not lie within %s".formatted(box, image));
    }
    int row = box.width() * image.channels();
    byte[] out = new byte[row * box.height()];
    for (int y = 0; y < box.height(); y++) {
      int from = ((box.top() + y) * image.width() + box.left()) * image.channels();
      System.arraycopy(image.pixels(), from, out, y * row, row);
    }
    return new Image(box.width(), box.height(), image.channels(), out);
  }

  /**
   * The middle part; an image that is too small gets a black border first. Half pixels are rounded
   * to the even number, as in torchvision.
   */
  public static Image centerCrop(Image image, int height, int width) {
    Image large = image;
    if (width > image.width() || height > image.height()) {
      int addX = Math.max(width - image.width(), 0);
      int addY = Math.max(height - image.height(), 0);
      Margins margins = new Margins(addX / 2, addY / 2, (addX + 1) / 2, (addY + 1) / 2);
      large = pad(image, margins, Border.CONSTANT, 0);
    }
    int top = (int) Math.rint((large.height() - height) / 2.0);
    int left = (int) Math.rint((large.width() - width) / 2.0);
    return crop(large, new Box(top, left, height, width));
  }

  /**
   * An image with a border around it.
   *
   * @param fill value of a {@link Border#CONSTANT} border in every channel, 0 … 255
   */
  public static Image pad(Image image, Margins margins, Border border, int fill) {
    int width = Math.addExact(image.width(), margins.left() + margins.right());
    int height = Math.addExact(image.height(), margins.top() + margins.bottom());
    int[] columns = sources(margins.left(), image.width(), width, border);
    int[] rows = sources(margins.top(), image.height(), height, border);
    int channels = image.channels();
    byte[] out = new byte[Math.multiplyExact(Math.multiplyExact(width, height), channels)];
    int to = 0;
    for (int row : rows) {
      for (int column : columns) {
        for (int c = 0; c < channels; c++) {
          boolean outside = row < 0 || column < 0;
          out[to++] = (byte) (outside ? fill : image.at(column, row, c));
        }
      }
    }
    return new Image(width, height, channels, out);
  }

  /** For each padded position the source position, or -1 for the constant colour. */
  private static int[] sources(int before, int size, int padded, Border border) {
    int after = padded - size - before;
    int mirrored = Math.max(before, after) + (border == Border.REFLECT ? 1 : 0);
    if (mirrored > size && (border == Border.REFLECT || border == Border.SYMMETRIC)) {
      throw new IllegalArgumentException(
          "cannot mirror %d pixels of a side of %d; take a smaller border or repeat the edge"
              .formatted(Math.max(before, after), size));
    }
    int[] sources = new int[padded];
    for (int i = 0; i < padded; i++) {
      int at = i - before;
      sources[i] =
          switch (border) {
            case CONSTANT -> at < 0 || at >= size ? -1 : at;
            case EDGE -> Math.min(Math.max(at, 0), size - 1);
            case REFLECT -> at < 0 ? -at : at < size ? at : 2 * size - 2 - at;
            case SYMMETRIC -> at < 0 ? -1 - at : at < size ? at : 2 * size - 1 - at;
          };
    }
    return sources;
  }

  /** Left and right exchanged. */
  public static Image flipHorizontally(Image image) {
    byte[] out = image.blank();
    int channels = image.channels();
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        int from = (y * image.width() + x) * channels;
        int to = (y * image.width() + image.width() - 1 - x) * channels;
        for (int c = 0; c < channels; c++) {
          out[to + c] = image.pixels()[from + c];
        }
      }
    }
    return new Image(image.width(), image.height(), channels, out);
  }

  /** Top and bottom exchanged. */
  public static Image flipVertically(Image image) {
    byte[] out = image.blank();
    int row = image.width() * image.channels();
    for (int y = 0; y < image.height(); y++) {
      System.arraycopy(image.pixels(), y * row, out, (image.height() - 1 - y) * row, row);
    }
    return new Image(image.width(), image.height(), image.channels(), out);
  }

  /** Rows become columns: value (x, y) moves to (y, x). */
  public static Image transpose(Image image) {
    byte[] out = image.blank();
    int to = 0;
    for (int x = 0; x < image.width(); x++) {
      for (int y = 0; y < image.height(); y++) {
        for (int c = 0; c < image.channels(); c++) {
          out[to++] = (byte) image.at(x, y, c);
        }
      }
    }
    return new Image(image.height(), image.width(), image.channels(), out);
  }
}
