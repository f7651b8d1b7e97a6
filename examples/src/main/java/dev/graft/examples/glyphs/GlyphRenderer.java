package dev.graft.examples.glyphs;

import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.font.GlyphVector;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Draws characters of a font file as outlines, and refuses fonts that lack one.
 *
 * <p>{@link Font#canDisplay} alone is not enough: some fonts map characters they do not have to
 * their "missing glyph" box, some to an empty glyph, some repeat the capitals as small letters. A
 * font is taken only if the pictures of all its characters are there, differ from that box, and
 * differ from each other.
 */
final class GlyphRenderer {
  /** Large enough that hinting and rounding of outlines do not matter at 32 pixels. */
  private static final float OUTLINE_SIZE = 256f;

  private static final FontRenderContext CONTEXT =
      new FontRenderContext(new AffineTransform(), true, true);

  private GlyphRenderer() {}

  /**
   * The outlines of the given characters, or nothing if the font does not have them all.
   *
   * @throws IOException if the file is unreadable or is not a font
   */
  static Optional<Map<Character, Shape>> outlines(Path file, List<Character> characters)
      throws IOException {
    Font font = load(file);
    Map<Character, Shape> outlines = new LinkedHashMap<>();
    for (char c : characters) {
      GlyphVector glyph = font.createGlyphVector(CONTEXT, Character.toString(c));
      boolean missing = glyph.getGlyphCode(0) == font.getMissingGlyphCode();
      if (missing || !font.canDisplay(c)) {
        return Optional.empty();
      }
      outlines.put(c, glyph.getOutline());
    }
    Shape box =
        font.createGlyphVector(CONTEXT, new int[] {font.getMissingGlyphCode()}).getOutline();
    return allDifferent(outlines.values(), box) ? Optional.of(outlines) : Optional.empty();
  }

  /** Whether no shape is empty, none looks like {@code box}, and no two look the same. */
  static boolean allDifferent(Iterable<Shape> shapes, Shape box) {
    Set<ByteBuffer> pictures = new HashSet<>();
    if (!box.getBounds2D().isEmpty()) {
      pictures.add(picture(box));
    }
    for (Shape shape : shapes) {
      if (shape.getBounds2D().isEmpty() || !pictures.add(picture(shape))) {
        return false;
      }
    }
    return true;
  }

  /** The shape scaled to fill an image: equal for shapes that differ only in size and place. */
  private static ByteBuffer picture(Shape shape) {
    Rectangle2D bounds = shape.getBounds2D();
    double scale = GlyphImage.SIZE / Math.max(bounds.getWidth(), bounds.getHeight());
    AffineTransform fit = AffineTransform.getScaleInstance(scale, scale);
    fit.translate(-bounds.getX(), -bounds.getY());
    float[] coverage = GlyphImage.coverage(fit.createTransformedShape(shape));
    byte[] bytes = new byte[coverage.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (coverage[i] > 0.5f ? 1 : 0);
    }
    return ByteBuffer.wrap(bytes);
  }

  private static Font load(Path file) throws IOException {
    try {
      return Font.createFont(Font.TRUETYPE_FONT, file.toFile()).deriveFont(OUTLINE_SIZE);
    } catch (FontFormatException e) {
      throw new IOException(file + " is not a TrueType or OpenType font", e);
    }
  }
}
