package dev.graft.vision.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.tensor.HostTensor;
import org.junit.jupiter.api.Test;

class ImageTest {

  @Test
  void aWrongNumberOfBytesIsRefusedWithBothNumbers() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new Image(2, 3, 3, new byte[17]));
    assertTrue(e.getMessage().contains("takes 18 bytes, got 17"), e.getMessage());
  }

  @Test
  void otherNumbersOfChannelsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Image(1, 1, 2, new byte[2]));
    assertThrows(IllegalArgumentException.class, () -> new Image(0, 1, 1, new byte[0]));
  }

  @Test
  void grayIsRepeatedAndComesBackUnchanged() {
    Image gray = TestImages.noisy(5, 4, 1, 1);
    Image rgb = gray.toRgb();
    assertEquals(3, rgb.channels());
    assertEquals(gray.at(3, 2, 0), rgb.at(3, 2, 2));
    assertEquals(gray, rgb.toGray());
    assertSame(rgb, rgb.toRgb());
  }

  @Test
  void lumaWeighsGreenMost() {
    assertEquals(76, Image.filled(1, 1, 255, 0, 0).toGray().at(0, 0, 0));
    assertEquals(150, Image.filled(1, 1, 0, 255, 0).toGray().at(0, 0, 0));
    assertEquals(29, Image.filled(1, 1, 0, 0, 255).toGray().at(0, 0, 0));
  }

  @Test
  void hostTensorsGoBothWays() {
    Image image = TestImages.noisy(7, 3, 3, 2);
    assertEquals(image, Image.of(image.toHost()));
    assertEquals("UINT8[3, 7, 3]", image.toHost().toString());
    assertThrows(
        IllegalArgumentException.class, () -> Image.of(HostTensor.of(new float[] {1}, 1, 1, 1)));
  }

  @Test
  void equalityLooksAtPixels() {
    Image image = TestImages.noisy(4, 4, 3, 3);
    assertEquals(image, new Image(4, 4, 3, image.pixels().clone()));
    assertNotEquals(image, ToneCurves.invert(image));
    assertNotEquals(TestImages.noisy(4, 2, 1, 1), TestImages.noisy(2, 4, 1, 1));
  }
}
