package dev.graft.examples.glyphs;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What makes a font unusable, on shapes drawn here: the test needs no font. */
class GlyphRendererTest {
  private static final Shape BOX = new Rectangle2D.Double(0, 0, 100, 200);
  private static final Shape CIRCLE = new Ellipse2D.Double(5, 5, 120, 120);
  private static final Shape BAR = new Rectangle2D.Double(0, 0, 20, 200);

  @Test
  void takesDifferentPictures() {
    assertTrue(GlyphRenderer.allDifferent(List.of(CIRCLE, BAR), BOX));
    assertTrue(GlyphRenderer.allDifferent(List.of(CIRCLE, BAR), new Path2D.Double()));
  }

  @Test
  void refusesTheMissingGlyphBox() {
    assertFalse(GlyphRenderer.allDifferent(List.of(CIRCLE, BOX), BOX));
  }

  @Test
  void refusesAnEmptyGlyph() {
    assertFalse(GlyphRenderer.allDifferent(List.of(CIRCLE, new Path2D.Double()), BOX));
  }

  @Test
  void refusesACapitalRepeatedSmallerAsTheSmallLetter() {
    Shape smaller = new Ellipse2D.Double(40, 60, 90, 90);
    assertFalse(GlyphRenderer.allDifferent(List.of(CIRCLE, BAR, smaller), BOX));
  }
}
