package dev.graft.vision.source;

import dev.graft.data.DataParts;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.DataSource;
import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
import dev.graft.vision.source.ArrayDataset.Block;
import dev.graft.weights.WeightFormatException;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Images in a NumPy archive, a file or a folder with one: arrays {@code train_images} and {@code
 * train_labels}, with {@code val_…} and {@code test_…} where they are given, as MedMNIST's; or
 * {@code x_train} and {@code y_train} as Keras'; or {@code images} and {@code labels} alone. Class
 * names stand in {@code classes.txt} beside it, else the numbers are the names.
 */
public final class NpzSource implements DataSource {

  /** Id of this source. */
  public static final String ID = "npz-images";

  private static final String EXPECTED =
      "train_images with train_labels, x_train with y_train, or images with labels";

  @Override
  public About about() {
    return new About(
        ID, "images in a NumPy archive, as MedMNIST's", "Yang et al. 2023: MedMNIST v2");
  }

  @Override
  public List<Setting> settings() {
    return List.of();
  }

  /** Names of the two arrays of a part. */
  private record Pair(String images, String labels) {}

  @Override
  public boolean recognises(Path path) throws IOException {
    Optional<Path> file = archive(path);
    if (file.isEmpty()) {
      return false;
    }
    try {
      return !pairs(Weights.open(file.get()).names()).isEmpty();
    } catch (WeightFormatException e) {
      return false;
    }
  }

  private static Optional<Path> archive(Path path) throws IOException {
    if (Files.isRegularFile(path)) {
      return Optional.of(path).filter(NpzSource::isArchive);
    }
    if (!Files.isDirectory(path)) {
      return Optional.empty();
    }
    try (Stream<Path> entries = Files.list(path)) {
      List<Path> archives = entries.filter(NpzSource::isArchive).limit(2).toList();
      return archives.size() == 1 ? Optional.of(archives.get(0)) : Optional.empty();
    }
  }

  private static boolean isArchive(Path file) {
    return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".npz");
  }

  private static Map<Part, Pair> pairs(Set<String> names) {
    Map<Part, Pair> pairs = new EnumMap<>(Part.class);
    for (String name : names) {
      Optional<String> prefix =
          name.endsWith("_images")
              ? Optional.of(name.substring(0, name.length() - "_images".length()))
              : Optional.empty();
      Optional<String> suffix =
          name.startsWith("x_") ? Optional.of(name.substring(2)) : Optional.empty();
      prefix
          .flatMap(Part::of)
          .ifPresent(part -> pairs.put(part, new Pair(name, prefix.get() + "_labels")));
      suffix
          .flatMap(Part::of)
          .ifPresent(part -> pairs.put(part, new Pair(name, "y_" + suffix.get())));
    }
    if (pairs.isEmpty() && names.contains("images")) {
      pairs.put(Part.TRAINING, new Pair("images", "labels"));
    }
    pairs.values().removeIf(pair -> !names.contains(pair.labels()));
    return pairs;
  }

  @Override
  public DataParts open(Path path, Settings settings) throws IOException {
    Settings unused = settings.checked(ID, settings());
    Path file =
        archive(path)
            .orElseThrow(
                () ->
                    new IOException(
                        "'%s' is no .npz file and no folder with exactly one".formatted(path)));
    try {
      return open(file, Weights.open(file));
    } catch (WeightFormatException e) {
      throw new IOException("'%s' is no NumPy archive: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static DataParts open(Path file, Weights arrays) throws IOException {
    Map<Part, Pair> pairs = pairs(arrays.names());
    if (pairs.isEmpty()) {
      throw new IOException(
          "'%s' has the arrays %s; expected are %s".formatted(file, arrays.names(), EXPECTED));
    }
    Part.requireTraining(file, pairs.keySet());
    Map<Part, int[]> labels = new EnumMap<>(Part.class);
    for (Map.Entry<Part, Pair> entry : pairs.entrySet()) {
      labels.put(entry.getKey(), labels(file, arrays, entry.getValue().labels()));
    }
    List<String> classes =
        ClassNames.read(file.resolveSibling(ClassNames.FILE))
            .orElseGet(() -> ClassNames.numbers(labels.values()));
    Map<Part, ArrayDataset> parts = new EnumMap<>(Part.class);
    for (Part part : pairs.keySet()) {
      Block images = images(file, arrays, pairs.get(part).images());
      parts.put(part, ArrayDataset.of(part.toString(), images, labels.get(part), classes));
    }
    return Part.join(parts);
  }

  private static Block images(Path file, Weights arrays, String name) throws IOException {
    HostTensor array = arrays.get(name);
    long[] shape = array.shape();
    long channels = shape.length == 4 ? shape[3] : 1;
    boolean fits = shape.length == 3 || (shape.length == 4 && (channels == 1 || channels == 3));
    if (array.dtype() != DType.UINT8 || !fits || shape[1] < 1 || shape[2] < 1) {
      throw new IOException(
          "array '%s' of '%s' is %s; images are UINT8 (N, H, W), (N, H, W, 1) or (N, H, W, 3)"
              .formatted(name, file, array));
    }
    byte[] pixels = new byte[array.data().remaining()];
    array.data().get(pixels);
    return new Block((int) shape[1], (int) shape[2], (int) channels, pixels);
  }

  private static int[] labels(Path file, Weights arrays, String name) throws IOException {
    HostTensor array = arrays.get(name);
    long[] shape = array.shape();
    boolean single = shape.length == 1 || (shape.length == 2 && shape[1] == 1);
    if (array.dtype().isFloating() || !single) {
      throw new IOException(
          "array '%s' of '%s' is %s; labels are whole numbers (N) or (N, 1), one class per image"
              .formatted(name, file, array));
    }
    int[] labels = new int[Math.toIntExact(array.count())];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (int) array.get(i);
    }
    return labels;
  }
}
