package dev.graft.vision.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ResizeTest {

  /** Checksums of what Pillow makes of {@code 7 x + 11 y + 60 c + x y} modulo 256. */
  @ParameterizedTest
  @CsvSource({
    "NEAREST, 13, 50, 2927826446",
    "NEAREST, 60, 11, 3040434732",
    "LANCZOS, 13, 50, 4039336384",
    "LANCZOS, 60, 11, 1973291562",
    "BILINEAR, 13, 50, 903543328",
    "BILINEAR, 60, 11, 2830846811",
    "BICUBIC, 13, 50, 3259993306",
    "BICUBIC, 60, 11, 3670941178",
    "BOX, 13, 50, 1966192894",
    "BOX, 60, 11, 1226966238",
    "HAMMING, 13, 50, 658220116",
    "HAMMING, 60, 11, 2405775415"
  })
  void valuesArePillows(Interpolation interpolation, int width, int height, long checksum) {
    Image resized = Resize.to(pattern(), width, height, interpolation);
    assertEquals(checksum, TestImages.checksum(resized));
  }

  static Image pattern() {
    byte[] pixels = new byte[37 * 29 * 3];
    for (int i = 0; i < pixels.length; i++) {
      int c = i % 3;
      int x = i / 3 % 37;
      int y = i / 3 / 37;
      pixels[i] = (byte) (7 * x + 11 * y + 60 * c + x * y);
    }
    return new Image(37, 29, 3, pixels);
  }

  @ParameterizedTest
  @EnumSource
  void sizeAndChannelsAreAsAsked(Interpolation interpolation) {
    for (int channels : new int[] {1, 3}) {
      Image resized = Resize.to(TestImages.noisy(17, 23, channels, 1), 9, 31, interpolation);
      assertEquals(9, resized.width());
      assertEquals(31, resized.height());
      assertEquals(channels, resized.channels());
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEvenImageStaysEven(Interpolation interpolation) {
    Image even = Image.filled(11, 13, 17, 200, 255);
    assertEquals(Image.filled(29, 5, 17, 200, 255), Resize.to(even, 29, 5, interpolation));
  }

  @ParameterizedTest
  @EnumSource
  void grayIsTreatedAsEachColourIs(Interpolation interpolation) {
    Image gray = TestImages.noisy(19, 14, 1, 4);
    assertEquals(
        Resize.to(gray, 8, 30, interpolation).toRgb(),
        Resize.to(gray.toRgb(), 8, 30, interpolation));
  }

  @ParameterizedTest
  @EnumSource
  void anImageOfOnePixelFillsAnything(Interpolation interpolation) {
    assertEquals(Image.filled(6, 7, 9), Resize.to(Image.filled(1, 1, 9), 6, 7, interpolation));
  }

  @Test
  void theSameSizeIsTheSameImage() {
    Image image = TestImages.noisy(5, 6, 3, 1);
    assertSame(image, Resize.to(image, 5, 6, Interpolation.LANCZOS));
  }

  @Test
  void shrinkingCountsEveryPixel() {
    Image line = new Image(4, 1, 1, new byte[] {0, 100, 40, 60});
    assertEquals(new Image(1, 1, 1, new byte[] {50}), Resize.to(line, 1, 1, Interpolation.BOX));
    assertNotEquals(
        Resize.to(line, 1, 1, Interpolation.NEAREST), Resize.to(line, 1, 1, Interpolation.BOX));
  }

  @Test
  void theShorterSideIsMet() {
    Image wide = TestImages.noisy(97, 61, 1, 1);
    Image resized = Resize.shortestEdge(wide, 24, Interpolation.BILINEAR);
    assertEquals("38 x 24 grey", resized.toString());
    Image tall = Resize.shortestEdge(Geometry.transpose(wide), 24, Interpolation.BILINEAR);
    assertEquals("24 x 38 grey", tall.toString());
  }

  @Test
  void anEmptyResultIsRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Resize.to(Image.filled(2, 2, 0), 0, 5, Interpolation.BOX));
    assertTrue(e.getMessage().contains("0 x 5"), e.getMessage());
  }

  @Test
  void interpolationsHavePillowsNumbersAndNames() {
    assertEquals(Interpolation.BICUBIC, Interpolation.of(3));
    assertEquals(Interpolation.BILINEAR, Interpolation.of("Bilinear"));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Interpolation.of("cubic"));
    assertTrue(e.getMessage().contains("3 = bicubic"), e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Interpolation.of(6));
  }
}
