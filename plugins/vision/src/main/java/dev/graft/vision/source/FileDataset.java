package dev.graft.vision.source;

import dev.graft.data.CorruptExampleException;
import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.vision.image.ImageDecoder;
import dev.graft.vision.preprocessing.ImageModality;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Images in files, decoded when they are asked for.
 *
 * @param root folder that the names are relative to
 * @param items names and classes, in order
 * @param classes names of the classes
 * @param decoder limits and orientation
 */
record FileDataset(Path root, List<Item> items, List<String> classes, ImageDecoder decoder)
    implements Dataset {

  /**
   * An image.
   *
   * @param file relative to the root, with slashes; its id
   * @param target index of its class
   */
  record Item(String file, int target) {}

  FileDataset {
    items = List.copyOf(items);
    classes = List.copyOf(classes);
  }

  @Override
  public int size() {
    return items.size();
  }

  @Override
  public String id(int index) {
    return items.get(index).file();
  }

  @Override
  public double target(int index) {
    return items.get(index).target();
  }

  @Override
  public Example load(int index) throws CorruptExampleException, IOException {
    String file = id(index);
    return ImageModality.example(file, decoder.decode(root.resolve(file), file));
  }
}
