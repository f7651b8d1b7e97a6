package dev.graft.vision.source;

import dev.graft.data.DataParts;
import dev.graft.data.Dataset;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.DataSource;
import dev.graft.vision.image.ImageDecoder;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Images in one folder per class: {@code train/CLASS/…}, with {@code val} and {@code test} where
 * they are given, or {@code CLASS/…} alone. Classes are the folders' names in alphabetical order.
 */
public final class ImageFolderSource implements DataSource {

  /** Id of this source. */
  public static final String ID = "image-folder";

  private static final System.Logger LOG = System.getLogger(ImageFolderSource.class.getName());

  @Override
  public About about() {
    return new About(
        ID, "images in one folder per class, with or without train, val, test", "ImageNet");
  }

  @Override
  public List<Setting> settings() {
    return List.of(uprightSetting());
  }

  /** Whether photographs are turned; shared with the other sources of files. */
  static Setting uprightSetting() {
    return Setting.flag("upright", true, "turn photographs as their EXIF orientation says");
  }

  static ImageDecoder decoder(Settings settings) {
    ImageDecoder usual = ImageDecoder.DEFAULT;
    return new ImageDecoder(usual.maxPixels(), usual.maxBytes(), settings.flag("upright"));
  }

  @Override
  public boolean recognises(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return false;
    }
    Map<Part, Path> parts = parts(path);
    Path classes = parts.getOrDefault(Part.TRAINING, path);
    for (Path folder : ImageFiles.folders(classes)) {
      if (ImageFiles.holdsImages(folder)) {
        return true;
      }
    }
    return false;
  }

  private static Map<Part, Path> parts(Path root) throws IOException {
    Map<Part, Path> parts = new EnumMap<>(Part.class);
    for (Path folder : ImageFiles.folders(root)) {
      Optional<Part> part = Part.of(folder.getFileName().toString());
      // A class may be called "train" too: then images lie directly in it.
      if (part.isPresent() && !ImageFiles.holdsImages(folder)) {
        Path other = parts.put(part.get(), folder);
        if (other != null) {
          throw new IOException(
              "'%s' has two folders for %s: '%s' and '%s'; keep one"
                  .formatted(root, part.get(), other.getFileName(), folder.getFileName()));
        }
      }
    }
    return parts;
  }

  @Override
  public DataParts open(Path path, Settings settings) throws IOException {
    ImageDecoder decoder = decoder(settings.checked(ID, settings()));
    if (!Files.isDirectory(path)) {
      throw new IOException("'%s' is no folder; expected is one per class".formatted(path));
    }
    Map<Part, Path> folders = parts(path);
    if (folders.isEmpty()) {
      folders.put(Part.TRAINING, path);
    }
    Part.requireTraining(path, folders.keySet());
    List<String> classes = classes(folders.get(Part.TRAINING));
    Map<String, Integer> ignored = new TreeMap<>();
    Map<Part, FileDataset> parts = new EnumMap<>(Part.class);
    for (Map.Entry<Part, Path> entry : folders.entrySet()) {
      List<FileDataset.Item> items = items(path, entry.getValue(), classes, ignored);
      parts.put(entry.getKey(), new FileDataset(path, items, classes, decoder));
    }
    if (!ignored.isEmpty()) {
      LOG.log(Level.WARNING, "''{0}'': files that are no images, by extension: {1}", path, ignored);
    }
    return Part.join(parts);
  }

  /** All images of the training part, or of the whole folder, in folders or not. */
  @Override
  public Dataset openUnlabelled(Path path, Path labelled, Settings settings) throws IOException {
    Map<Part, Path> folders = Files.isDirectory(path) ? parts(path) : Map.of();
    Map<String, Integer> ignored = new TreeMap<>();
    List<FileDataset.Item> items = new ArrayList<>();
    for (Path file : ImageFiles.all(folders.getOrDefault(Part.TRAINING, path), ignored)) {
      items.add(new FileDataset.Item(ImageFiles.relative(path, file), 0));
    }
    if (items.isEmpty()) {
      throw new IOException(
          "'%s' has no images; other files, by extension: %s; read are jpg, png, gif and bmp"
              .formatted(path, ignored));
    }
    ImageDecoder decoder = decoder(settings.checked(ID, settings()));
    return new FileDataset(path, items, List.of(), decoder).withoutTargets();
  }

  private static List<String> classes(Path folder) throws IOException {
    List<String> classes = new ArrayList<>();
    for (Path entry : ImageFiles.folders(folder)) {
      classes.add(entry.getFileName().toString());
    }
    if (classes.isEmpty()) {
      throw new IOException(
          "'%s' has no folders, it holds %s; expected is one folder of images per class"
              .formatted(folder, ImageFiles.census(folder)));
    }
    return classes.stream().sorted().toList();
  }

  private static List<FileDataset.Item> items(
      Path root, Path part, List<String> classes, Map<String, Integer> ignored) throws IOException {
    List<FileDataset.Item> items = new ArrayList<>();
    for (String name : classes(part)) {
      int target = classes.indexOf(name);
      if (target < 0) {
        throw new IOException(
            "'%s' has the class '%s', which the training part has not; that has %s"
                .formatted(part, name, classes));
      }
      for (Path file : ImageFiles.all(part.resolve(name), ignored)) {
        items.add(new FileDataset.Item(ImageFiles.relative(root, file), target));
      }
    }
    if (items.isEmpty()) {
      throw new IOException(
          "'%s' has no images in its folders; other files, by extension: %s; read are jpg, png,"
                  .formatted(part, ignored)
              + " gif and bmp");
    }
    return items;
  }
}
