package dev.graft.vision.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.DoubleFunction;
import org.junit.jupiter.api.Test;

/** Identities and ranges; the values themselves are checked against reference files. */
class ColorTest {

  private final Image image = TestImages.noisy(13, 11, 3, 1);
  private final Image gray = TestImages.noisy(13, 11, 1, 1);
  private final FloatImage floats = FloatImage.of(image);

  @Test
  void factorOneChangesNothing() {
    for (Image each : List.of(image, gray)) {
      assertEquals(each, ColorAdjust.brightness(each, 1));
      assertEquals(each, ColorAdjust.contrast(each, 1));
      assertEquals(each, ColorAdjust.saturation(each, 1));
      assertEquals(each, ColorAdjust.sharpness(each, 1));
      assertEquals(each, ToneCurves.gamma(each, 1));
      assertEquals(each, ToneCurves.posterize(each, 8));
      assertEquals(each, ToneCurves.solarize(each, 256));
    }
    assertEquals(floats, FloatColor.brightness(floats, 1));
    assertEquals(floats, FloatColor.contrast(floats, 1));
    assertEquals(floats, FloatColor.saturation(floats, 1));
    assertEquals(floats, FloatColor.sharpness(floats, 1));
    assertEquals(floats, FloatColor.gamma(floats, 1));
  }

  @Test
  void otherFactorsChangeSomething() {
    for (double factor : new double[] {0, 0.4, 1.7}) {
      assertNotEquals(image, ColorAdjust.brightness(image, factor));
      assertNotEquals(image, ColorAdjust.contrast(image, factor));
      assertNotEquals(image, ColorAdjust.saturation(image, factor));
      assertNotEquals(image, ColorAdjust.sharpness(image, factor));
      assertNotEquals(image, ToneCurves.gamma(image, factor));
      assertNotEquals(floats, FloatColor.sharpness(floats, factor));
      assertNotEquals(floats, FloatColor.gamma(floats, factor));
    }
    assertNotEquals(image, ColorAdjust.hue(image, 0.1));
    assertNotEquals(image, ToneCurves.invert(image));
    assertNotEquals(image, ToneCurves.posterize(image, 2));
    assertNotEquals(image, ToneCurves.solarize(image, 100));
    Image large = TestImages.noisy(40, 30, 3, 1);
    assertNotEquals(large, ToneCurves.equalize(large));
    Image dull = ColorAdjust.contrast(image, 0.5);
    assertNotEquals(dull, ToneCurves.autocontrast(dull));
  }

  @Test
  void factorZeroGivesThePlainVersion() {
    assertEquals(Image.filled(13, 11, 0, 0, 0), ColorAdjust.brightness(image, 0));
    assertEquals(image.toGray().toRgb(), ColorAdjust.saturation(image, 0));
  }

  @Test
  void inversionTwiceIsNothing() {
    assertEquals(image, ToneCurves.invert(ToneCurves.invert(image)));
    assertEquals(ToneCurves.invert(image), ToneCurves.solarize(image, 0));
  }

  @Test
  void grayHasNoHueAndNoSaturation() {
    assertEquals(gray, ColorAdjust.hue(gray, 0.3));
    assertEquals(gray, ColorAdjust.saturation(gray, 0.3));
    Image even = gray.toRgb();
    assertEquals(even, ColorAdjust.hue(even, 0.3));
  }

  @Test
  void anEvenImageHasNoContrastToStretch() {
    Image even = Image.filled(4, 4, 80, 10, 255);
    assertEquals(even, ToneCurves.autocontrast(even));
    assertEquals(even, ToneCurves.equalize(even));
  }

  @Test
  void autocontrastReachesBothEnds() {
    Image narrow = new Image(3, 1, 1, new byte[] {100, 110, 120});
    Image stretched = ToneCurves.autocontrast(narrow);
    assertEquals(0, stretched.at(0, 0, 0));
    assertEquals(255, stretched.at(2, 0, 0));
  }

  @Test
  void whatIsOutOfRangeIsRefused() {
    List<DoubleFunction<Object>> operations =
        List.of(
            f -> ColorAdjust.brightness(image, f),
            f -> ColorAdjust.sharpness(image, f),
            f -> ToneCurves.gamma(image, f),
            f -> FloatColor.contrast(floats, f),
            f -> FloatColor.gamma(floats, f));
    for (DoubleFunction<Object> operation : operations) {
      assertThrows(IllegalArgumentException.class, () -> operation.apply(-0.1));
      assertThrows(IllegalArgumentException.class, () -> operation.apply(Double.NaN));
    }
    assertThrows(IllegalArgumentException.class, () -> ColorAdjust.hue(image, 0.51));
    assertThrows(IllegalArgumentException.class, () -> FloatColor.hue(floats, -0.51));
    assertThrows(IllegalArgumentException.class, () -> ToneCurves.posterize(image, 0));
    assertThrows(IllegalArgumentException.class, () -> ToneCurves.posterize(image, 9));
  }

  @Test
  void floatsAndBytesAgreeWithinRounding() {
    compare(FloatColor.brightness(floats, 1.3), ColorAdjust.brightness(image, 1.3));
    compare(FloatColor.contrast(floats, 0.6), ColorAdjust.contrast(image, 0.6));
    compare(FloatColor.saturation(floats, 0.5), ColorAdjust.saturation(image, 0.5));
    compare(FloatColor.sharpness(floats, 0.2), ColorAdjust.sharpness(image, 0.2));
  }

  private static void compare(FloatImage floats, Image bytes) {
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < bytes.height(); y++) {
        for (int x = 0; x < bytes.width(); x++) {
          assertEquals(bytes.at(x, y, c), floats.at(c, y, x) * 255, 2.01);
        }
      }
    }
  }

  @Test
  void floatResizingOfAnEvenImageStaysEven() {
    FloatImage even = FloatImage.of(Image.filled(9, 6, 51, 102, 204));
    for (boolean antialias : new boolean[] {true, false}) {
      FloatImage resized = FloatResize.to(even, 4, 15, Interpolation.BICUBIC, antialias);
      assertEquals("float image (3, 4, 15)", resized.toString());
      for (int i = 0; i < 60; i++) {
        assertEquals(0.2f, resized.values()[i], 1e-6f);
      }
    }
    FloatImage nearest = FloatResize.to(floats, 11, 26, Interpolation.NEAREST, false);
    assertEquals(floats.at(2, 7, 6), nearest.at(2, 7, 13));
  }
}
