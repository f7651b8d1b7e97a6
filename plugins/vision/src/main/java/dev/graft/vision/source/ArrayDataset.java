package dev.graft.vision.source;

import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.vision.image.Image;
import dev.graft.vision.preprocessing.ImageModality;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Images of one size in memory.
 *
 * @param name of the part; ids are {@code name/0}, {@code name/1} …
 * @param images pixels, one image after the other
 * @param labels class index per image
 * @param classes names of the classes
 */
record ArrayDataset(String name, Block images, int[] labels, List<String> classes)
    implements Dataset {

  /**
   * A block of pixels.
   *
   * @param height rows
   * @param width pixels per row
   * @param channels 1 or 3, innermost
   * @param pixels {@code height * width * channels} bytes per image
   */
  record Block(int height, int width, int channels, byte[] pixels) {

    int count() {
      return pixels.length / size();
    }

    private int size() {
      return height * width * channels;
    }

    Image get(int index) {
      byte[] one = Arrays.copyOfRange(pixels, index * size(), (index + 1) * size());
      return new Image(width, height, channels, one);
    }
  }

  /**
   * Checks that everything fits.
   *
   * @throws IOException if numbers of images and labels differ or a label has no class
   */
  static ArrayDataset of(String name, Block images, int[] labels, List<String> classes)
      throws IOException {
    if (images.count() != labels.length) {
      throw new IOException(
          "'%s' has %d images and %d labels; there must be one label per image"
              .formatted(name, images.count(), labels.length));
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes.size()) {
        throw new IOException(
            "label %d of '%s' is %d, but there are %d classes %s"
                .formatted(i, name, labels[i], classes.size(), classes));
      }
    }
    return new ArrayDataset(name, images, labels, List.copyOf(classes));
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public String id(int index) {
    return name + "/" + index;
  }

  @Override
  public double target(int index) {
    return labels[index];
  }

  @Override
  public Example load(int index) {
    return ImageModality.example(id(index), images.get(index));
  }
}
