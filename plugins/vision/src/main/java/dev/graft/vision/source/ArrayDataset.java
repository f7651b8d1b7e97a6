package dev.graft.vision.source;

import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.vision.image.Image;
import dev.graft.vision.preprocessing.ImageModality;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Pictures of one size in memory.
 *
 * @param name of the part; ids are {@code name/0}, {@code name/1} …
 * @param pictures pixels, one picture after the other
 * @param labels class index per picture
 * @param classes names of the classes
 */
record ArrayDataset(String name, Pictures pictures, int[] labels, List<String> classes)
    implements Dataset {

  /**
   * A block of pixels.
   *
   * @param height rows
   * @param width pixels per row
   * @param channels 1 or 3, innermost
   * @param pixels {@code height * width * channels} bytes per picture
   */
  record Pictures(int height, int width, int channels, byte[] pixels) {

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
   * @throws IOException if numbers of pictures and labels differ or a label has no class
   */
  static ArrayDataset of(String name, Pictures pictures, int[] labels, List<String> classes)
      throws IOException {
    if (pictures.count() != labels.length) {
      throw new IOException(
          "'%s' has %d pictures and %d labels; there must be one label per picture"
              .formatted(name, pictures.count(), labels.length));
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes.size()) {
        throw new IOException(
            "label %d of '%s' is %d, but there are %d classes %s"
                .formatted(i, name, labels[i], classes.size(), classes));
      }
    }
    return new ArrayDataset(name, pictures, labels, List.copyOf(classes));
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
    return ImageModality.example(id(index), pictures.get(index));
  }
}
