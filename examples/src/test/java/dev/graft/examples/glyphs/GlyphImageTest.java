package dev.graft.examples.glyphs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.geom.Rectangle2D;
import org.junit.jupiter.api.Test;

class GlyphImageTest {
  private static final int SIZE = GlyphImage.SIZE;

  @Test
  void coverageIsTheShareOfThePixel() {
    float[] coverage = GlyphImage.coverage(new Rectangle2D.Double(2, 3, 1.5, 1));
    assertEquals(1f, coverage[3 * SIZE + 2]);
    assertEquals(0.5f, coverage[3 * SIZE + 3], 0.02f);
    assertEquals(0f, coverage[3 * SIZE + 4]);
    assertEquals(0f, coverage[4 * SIZE + 2]);
  }

  @Test
  void blurSpreadsAPointAndKeepsItsWeight() {
    float[] point = new float[SIZE * SIZE];
    int middle = 16 * SIZE + 16;
    point[middle] = 1;
    float[] blurred = GlyphImage.blur(point, 1.0);
    // The discrete Gaussian with sigma 1, cut at 3: its middle is 0.39905, its neighbour 0.24204.
    assertEquals(0.39905 * 0.39905, blurred[middle], 1e-4);
    assertEquals(0.39905 * 0.24204, blurred[middle + 1], 1e-4);
    assertEquals(0.39905 * 0.24204, blurred[middle - SIZE], 1e-4);
    double sum = 0;
    for (float v : blurred) {
      sum += v;
    }
    assertEquals(1.0, sum, 1e-5);
  }

  @Test
  void greyLevelsAreRoundedAndClipped() {
    byte[] levels = GlyphImage.quantise(new float[] {-40, 7, 9, 120, 251, 999});
    assertArrayEquals(new byte[] {0, 0, 16, (byte) 128, (byte) 255, (byte) 255}, levels);
  }
}
