package dev.graft.examples.domains;

import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.examples.glyphs.IdxWriter;
import dev.graft.tensor.HostTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Puts digits in front of patches of photographs: each channel is the absolute difference of the
 * two, as in MNIST-M (Ganin et al. 2016). The same seed gives the same images.
 *
 * @param digits grey images
 * @param photographs RGB images, larger than the digits
 */
record Blending(Dataset digits, Dataset photographs) {

  /**
   * Writes a part in IDX files.
   *
   * @param folder made where it does not exist
   * @param part {@code train} or {@code test}
   * @param count the first digits are taken; at most as many as there are
   */
  void write(Path folder, String part, int count, long seed) throws IOException {
    Files.createDirectories(folder);
    Random random = new Random(seed);
    List<byte[]> images = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    int height = 0;
    int width = 0;
    for (int i = 0; i < Math.min(count, digits.size()); i++) {
      HostTensor digit = digits.load(i).get("image");
      height = (int) digit.shape()[0];
      width = (int) digit.shape()[1];
      Example photograph = photographs.load(random.nextInt(photographs.size()));
      images.add(blended(digit, photograph.get("image"), random));
      labels.add((int) digits.target(i));
    }
    IdxWriter.colours(folder.resolve(part + "-images-idx4-ubyte.gz"), images, height, width);
    IdxWriter.labels(folder.resolve(part + "-labels-idx1-ubyte.gz"), labels);
  }

  /** A digit (H, W, 1) in front of a random patch of a photograph (at least H, at least W, 3). */
  static byte[] blended(HostTensor digit, HostTensor photograph, Random random) {
    int height = (int) digit.shape()[0];
    int width = (int) digit.shape()[1];
    int wide = (int) photograph.shape()[1];
    int top = random.nextInt((int) photograph.shape()[0] - height + 1);
    int left = random.nextInt(wide - width + 1);
    byte[] pixels = new byte[height * width * 3];
    for (int i = 0; i < pixels.length; i++) {
      int row = i / 3 / width;
      int column = i / 3 % width;
      double behind = photograph.get(((top + row) * wide + left + column) * 3 + i % 3);
      pixels[i] = (byte) Math.abs(digit.get(row * width + column) - behind);
    }
    return pixels;
  }
}
