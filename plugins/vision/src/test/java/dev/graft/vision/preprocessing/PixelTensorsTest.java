package dev.graft.vision.preprocessing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.tensor.HostTensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PixelTensorsTest {

  private static HostTensor image(HostTensor pixels) {
    return PixelTensors.example("x", Map.of("pixels", pixels)).get(ImageModality.VALUE);
  }

  @Test
  void planesBecomePixels() {
    HostTensor planes = HostTensor.of(new float[] {0, 1, 10.4f, 11, 254.6f, 255}, 3, 1, 2);
    HostTensor image = image(planes);
    assertArrayEquals(new long[] {1, 2, 3}, image.shape());
    assertArrayEquals(new long[] {0, 10, 255, 1, 11, 255}, image.toLongs());
    HostTensor bytes = HostTensor.of(new byte[] {0, 1, 10, 11, -1, -1}, 3, 1, 2);
    assertArrayEquals(image.toLongs(), image(bytes).toLongs());
  }

  @Test
  void normalisedValuesAreRefused() {
    for (float value : new float[] {-0.1f, 255.1f, Float.NaN, Float.POSITIVE_INFINITY}) {
      HostTensor grey = HostTensor.of(new float[] {value}, 1, 1, 1);
      String message = assertThrows(IllegalArgumentException.class, () -> image(grey)).getMessage();
      assertTrue(message.contains("from 0 to 255"), message);
    }
  }
}
