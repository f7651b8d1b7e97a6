package dev.graft.vision.image;

import java.util.Random;

/** Images for tests. */
public final class TestImages {

  private TestImages() {}

  /** Smooth colours with noise on top, so that every operation changes something. */
  public static Image noisy(int width, int height, int channels, long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[width * height * channels];
    for (int i = 0; i < pixels.length; i++) {
      int c = i % channels;
      int x = i / channels % width;
      int y = i / channels / width;
      double wave = 90 * Math.sin(x * 0.3 + c) + 25 * Math.cos(y * 0.2 - c);
      pixels[i] = (byte) Math.max(0, Math.min(255, 125 + (int) wave + random.nextInt(20)));
    }
    return new Image(width, height, channels, pixels);
  }

  /** A short number that differs for different images. */
  public static long checksum(Image image) {
    java.util.zip.CRC32 crc = new java.util.zip.CRC32();
    crc.update(image.pixels());
    return crc.getValue();
  }
}
