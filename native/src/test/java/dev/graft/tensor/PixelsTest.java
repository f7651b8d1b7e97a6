package dev.graft.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PixelsTest {

  @Test
  void agreesWithPlainOperations() {
    Random random = new Random(3);
    for (int round = 0; round < 40; round++) {
      int channels = 1 + round % 5;
      int batch = random.nextInt(4);
      int height = 1 + random.nextInt(20);
      int width = 1 + random.nextInt(70);
      byte[] values = new byte[batch * height * width * channels];
      random.nextBytes(values);
      long[] shape = {batch, height, width, channels};
      Pixels.Normalization normalization = normalization(random, channels);
      ByteBuffer direct = ByteBuffer.allocateDirect(values.length + 1).position(1).put(values);
      HostTensor heap = HostTensor.of(values, shape);
      HostTensor unaligned = new HostTensor(DType.UINT8, shape, direct.position(1));
      for (boolean channelsLast : new boolean[] {false, true}) {
        try (Scope scope = Scope.open()) {
          Tensor expected = Pixels.plain(heap, normalization, channelsLast);
          for (HostTensor images : new HostTensor[] {heap, unaligned}) {
            Tensor actual = Pixels.normalize(images, normalization, channelsLast);
            assertArrayEquals(new long[] {batch, channels, height, width}, actual.shape());
            assertEquals(expected.hasLayoutOf(actual), true);
            // Both multiply, round, add and round: the same bits.
            assertArrayEquals(expected.toFloats(), actual.toFloats());
          }
        }
      }
    }
  }

  private static Pixels.Normalization normalization(Random random, int channels) {
    return Pixels.Normalization.of(
        random.doubles(channels).toArray(), random.doubles(channels, 0.1, 1).toArray());
  }

  @Test
  void meanAndDeviationOfTheUsualForm() {
    HostTensor image = HostTensor.of(new byte[] {0, (byte) 255, 51}, 1, 1, 1, 3);
    Pixels.Normalization normalization =
        Pixels.Normalization.of(new double[] {0.5, 0.5, 0.2}, new double[] {0.5, 0.25, 1});
    try (Scope scope = Scope.open()) {
      assertArrayEquals(
          new float[] {-1, 2, 0}, Pixels.normalize(image, normalization, false).toFloats(), 1e-6f);
    }
  }

  @Test
  void wrongShapesAreRefused() {
    Pixels.Normalization three = normalization(new Random(1), 3);
    assertThrows(
        IllegalArgumentException.class,
        () -> Pixels.normalize(HostTensor.of(new byte[4], 1, 2, 2, 1), three, false));
    assertThrows(
        IllegalArgumentException.class,
        () -> Pixels.normalize(HostTensor.of(new float[12], 1, 2, 2, 3), three, false));
    assertThrows(
        IllegalArgumentException.class, () -> new Pixels.Normalization(new float[2], new float[3]));
  }
}
