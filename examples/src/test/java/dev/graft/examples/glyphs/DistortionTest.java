package dev.graft.examples.glyphs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Shape;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DistortionTest {
  private static final int PICTURES = 100;

  /** A capital gamma, in font units, far from the origin. */
  private static Shape gamma() {
    Path2D path = new Path2D.Double();
    path.moveTo(500, 900);
    path.lineTo(500, 400);
    path.lineTo(900, 400);
    path.lineTo(900, 500);
    path.lineTo(600, 500);
    path.lineTo(600, 900);
    path.closePath();
    return path;
  }

  private static byte[] picture(long seed) {
    return new Distortion(new Random(seed)).apply(gamma());
  }

  @Test
  void theSameSeedDrawsTheSameBytes() {
    for (int seed = 0; seed < 10; seed++) {
      assertArrayEquals(picture(seed), picture(seed));
    }
  }

  @Test
  void everySeedDrawsAnotherPicture() {
    Set<ByteBuffer> pictures = new HashSet<>();
    for (int seed = 0; seed < PICTURES; seed++) {
      pictures.add(ByteBuffer.wrap(picture(seed)));
    }
    assertEquals(PICTURES, pictures.size());
  }

  /** One seed draws one background, so what differs between two outlines is ink. */
  @Test
  void theOutlineIsDrawnWithContrast() {
    for (int seed = 0; seed < PICTURES; seed++) {
      byte[] gamma = picture(seed);
      byte[] square =
          new Distortion(new Random(seed)).apply(new Rectangle2D.Double(500, 400, 500, 500));
      int inked = 0;
      for (int i = 0; i < gamma.length; i++) {
        if (Math.abs((gamma[i] & 0xff) - (square[i] & 0xff)) >= 40) {
          inked++;
        }
      }
      assertTrue(inked >= 30, "seed " + seed + ": only " + inked + " pixels differ");
    }
  }

  @Test
  void paperIsLightAndDark() {
    int dark = 0;
    for (int seed = 0; seed < PICTURES; seed++) {
      if (meanOfBorder(picture(seed)) < 128) {
        dark++;
      }
    }
    assertTrue(dark > PICTURES / 4 && dark < 3 * PICTURES / 4, dark + " of 100 on dark paper");
  }

  @Test
  void greyLevelsAreTheCoarseOnes() {
    for (byte b : picture(3)) {
      int grey = b & 0xff;
      assertTrue(grey == 255 || grey % GlyphImage.GREY_STEP == 0, "grey level " + grey);
    }
  }

  private static double meanOfBorder(byte[] picture) {
    int last = GlyphImage.SIZE - 1;
    double sum = 0;
    for (int i = 0; i < last; i++) {
      sum += picture[i] & 0xff;
      sum += picture[last * GlyphImage.SIZE + i] & 0xff;
    }
    return sum / (2 * last);
  }
}
