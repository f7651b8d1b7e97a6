package dev.graft.vision.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.vision.image.Affine.Movement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WarpTest {

  /** Checksums of what Pillow makes of the pattern of {@link ResizeTest}. */
  @ParameterizedTest
  @CsvSource({
    "NEAREST, 1, 0, 3.5, 0, 1, -2.25, 277170562",
    "NEAREST, 0.9, 0.3, -4, -0.2, 1.1, 2.5, 3338250827",
    "NEAREST, 1, -0.4, 0, 0, 1, 0, 7953478",
    "BILINEAR, 1, 0, 3.5, 0, 1, -2.25, 2774979107",
    "BILINEAR, 0.9, 0.3, -4, -0.2, 1.1, 2.5, 790137094",
    "BILINEAR, 1, -0.4, 0, 0, 1, 0, 1430987673"
  })
  void valuesArePillows(
      Interpolation interpolation,
      double a,
      double b,
      double c,
      double d,
      double e,
      double f,
      long checksum) {
    Image warped = Warp.apply(ResizeTest.pattern(), new Affine(a, b, c, d, e, f), interpolation);
    assertEquals(checksum, TestImages.checksum(warped));
  }

  @ParameterizedTest
  @EnumSource(names = {"NEAREST", "BILINEAR"})
  void noMovementChangesNothing(Interpolation interpolation) {
    Image image = TestImages.noisy(9, 12, 3, 1);
    assertEquals(image, Warp.move(image, Movement.rotate(0), interpolation));
    assertNotEquals(image, Warp.move(image, Movement.rotate(30), interpolation));
  }

  @Test
  void translationMovesRightAndDown() {
    Image image = TestImages.noisy(9, 12, 3, 1);
    Image moved = Warp.move(image, Movement.translate(2, 3), Interpolation.NEAREST);
    assertEquals(image.at(4, 5, 1), moved.at(6, 8, 1));
    assertEquals(0, moved.at(1, 8, 1));
  }

  @Test
  void aTurnByNinetyDegreesIsClockwise() {
    Image image = TestImages.noisy(8, 8, 1, 5);
    Image turned = Warp.move(image, Movement.rotate(90), Interpolation.NEAREST);
    assertEquals(Geometry.flipHorizontally(Geometry.transpose(image)), turned);
  }

  @Test
  void otherInterpolationsAreRefusedByName() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Warp.move(Image.filled(2, 2, 1), Movement.rotate(1), Interpolation.LANCZOS));
    assertTrue(e.getMessage().contains("lanczos"), e.getMessage());
  }

  @Test
  void floatMovementsAgreeWithThoseOnBytes() {
    Image image = TestImages.noisy(20, 16, 3, 2);
    Movement movement = new Movement(20, 2, -1, 1.1, 5, -3);
    Image bytes = Warp.move(image, movement, Interpolation.BILINEAR);
    FloatImage floats = FloatWarp.affine(FloatImage.of(image), movement);
    int inside = 0;
    for (int y = 0; y < 16; y++) {
      for (int x = 0; x < 20; x++) {
        // At the border the one fades to black, the other repeats the edge.
        if (bytes.at(x, y, 0) != 0 && floats.at(0, y, x) * 255 > bytes.at(x, y, 0) - 0.01) {
          assertEquals(bytes.at(x, y, 0), floats.at(0, y, x) * 255, 1.01);
          inside++;
        }
      }
    }
    assertTrue(inside > 200, inside + " pixels compared");
  }

  @Test
  void aPerspectiveTakesItsPointsWhereTheyBelong() {
    double[][] from = {{0, 0}, {32, 0}, {32, 39}, {0, 39}};
    double[][] to = {{2, 3}, {30, 1}, {31, 36}, {1, 38}};
    double[] k = Perspective.coefficients(from, to);
    for (int i = 0; i < 4; i++) {
      double x = from[i][0];
      double y = from[i][1];
      double depth = k[6] * x + k[7] * y + 1;
      double[] mapped = {
        (k[0] * x + k[1] * y + k[2]) / depth, (k[3] * x + k[4] * y + k[5]) / depth
      };
      assertArrayEquals(to[i], mapped, 1e-9);
    }
  }

  @Test
  void pointsOnALineAreRefused() {
    double[][] line = {{0, 0}, {1, 1}, {2, 2}, {3, 3}};
    double[][] square = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
    assertThrows(IllegalArgumentException.class, () -> Perspective.coefficients(line, square));
  }
}
