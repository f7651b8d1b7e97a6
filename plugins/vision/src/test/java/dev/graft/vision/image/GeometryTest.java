package dev.graft.vision.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.vision.image.Geometry.Border;
import dev.graft.vision.image.Geometry.Box;
import dev.graft.vision.image.Geometry.Margins;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GeometryTest {

  private final Image image = TestImages.noisy(7, 5, 3, 1);

  @Test
  void flipsAreTheirOwnInverse() {
    assertNotEquals(image, Geometry.flipHorizontally(image));
    assertNotEquals(image, Geometry.flipVertically(image));
    assertEquals(image, Geometry.flipHorizontally(Geometry.flipHorizontally(image)));
    assertEquals(image, Geometry.flipVertically(Geometry.flipVertically(image)));
    assertEquals(image, Geometry.transpose(Geometry.transpose(image)));
    assertEquals(image.at(0, 2, 1), Geometry.flipHorizontally(image).at(6, 2, 1));
    assertEquals(image.at(3, 0, 1), Geometry.flipVertically(image).at(3, 4, 1));
    assertEquals(image.at(6, 1, 2), Geometry.transpose(image).at(1, 6, 2));
  }

  @ParameterizedTest
  @EnumSource
  void aBorderCanBeCutOffAgain(Border border) {
    Image padded = Geometry.pad(image, new Margins(3, 1, 2, 4), border, 77);
    assertEquals("12 x 10 RGB", padded.toString());
    assertEquals(image, Geometry.crop(padded, new Box(1, 3, 5, 7)));
  }

  @Test
  void bordersDiffer() {
    Image line = new Image(4, 1, 1, new byte[] {1, 2, 3, 4});
    Margins margins = new Margins(2, 0, 3, 0);
    assertEquals(row(9, 9, 1, 2, 3, 4, 9, 9, 9), Geometry.pad(line, margins, Border.CONSTANT, 9));
    assertEquals(row(1, 1, 1, 2, 3, 4, 4, 4, 4), Geometry.pad(line, margins, Border.EDGE, 9));
    assertEquals(row(3, 2, 1, 2, 3, 4, 3, 2, 1), Geometry.pad(line, margins, Border.REFLECT, 9));
    assertEquals(row(2, 1, 1, 2, 3, 4, 4, 3, 2), Geometry.pad(line, margins, Border.SYMMETRIC, 9));
  }

  private static Image row(int... values) {
    byte[] pixels = new byte[values.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) values[i];
    }
    return new Image(values.length, 1, 1, pixels);
  }

  @Test
  void aMirrorNeedsEnoughPixels() {
    Image line = new Image(4, 1, 1, new byte[] {1, 2, 3, 4});
    assertEquals(8, Geometry.pad(line, new Margins(4, 0, 0, 0), Border.SYMMETRIC, 0).width());
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Geometry.pad(line, new Margins(4, 0, 0, 0), Border.REFLECT, 0));
    assertTrue(e.getMessage().contains("mirror 4 pixels of a side of 4"), e.getMessage());
  }

  @Test
  void theMiddleRoundsToEven() {
    // Half a pixel over: 0.5 becomes 0, 1.5 becomes 2.
    assertEquals(image.at(0, 0, 0), Geometry.centerCrop(image, 5, 6).at(0, 0, 0));
    assertEquals(image.at(2, 0, 0), Geometry.centerCrop(image, 5, 4).at(0, 0, 0));
  }

  @Test
  void aCropLargerThanTheImageGetsABlackBorder() {
    Image large = Geometry.centerCrop(image, 8, 10);
    assertEquals("10 x 8 RGB", large.toString());
    assertEquals(0, large.at(0, 4, 0));
    assertEquals(image.at(0, 0, 2), large.at(1, 1, 2));
  }

  @Test
  void aBoxOutsideIsRefusedWithBoxAndImage() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> Geometry.crop(image, new Box(0, 3, 2, 5)));
    assertTrue(e.getMessage().contains("left=3") && e.getMessage().contains("7 x 5"));
    assertThrows(IllegalArgumentException.class, () -> new Margins(0, -1, 0, 0));
  }
}
