package dev.graft.vision.source;

import dev.graft.data.DataParts;
import dev.graft.data.Dataset;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.DataSource;
import dev.graft.vision.source.ArrayDataset.Block;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Images in MNIST's format: a folder with {@code PREFIX-images-idx3-ubyte} (grey) or {@code
 * PREFIX-images-idx4-ubyte} (RGB) and {@code PREFIX-labels-idx1-ubyte}, each gzipped or not. Class
 * names stand in {@code PREFIX-classes.txt} or {@code classes.txt}, else the numbers are the names.
 */
public final class IdxSource implements DataSource {

  /** Id of this source. */
  public static final String ID = "idx";

  private static final Pattern FILE =
      Pattern.compile("(.+)[-.](images|labels)[-.]idx([134])[-.]ubyte(\\.gz)?");

  @Override
  public About about() {
    return new About(
        ID, "images in IDX files, gzipped or not, as MNIST's", "LeCun, Cortes, Burges: MNIST");
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        Setting.text(
            "train", "", List.of(), "prefix of the training files; empty: train, or the only one"),
        Setting.text("val", "", List.of(), "prefix of the validation files; empty: val, if any"),
        Setting.text("test", "", List.of(), "prefix of the test files; empty: test, if any"));
  }

  /** The two files of a prefix. */
  private record Pair(Optional<Path> images, Optional<Path> labels) {

    Pair with(Path file, boolean isImages) throws IOException {
      Optional<Path> before = isImages ? images : labels;
      if (before.isPresent()) {
        throw new IOException(
            "'%s' and '%s' hold the same part; keep one".formatted(before.get(), file));
      }
      return isImages ? new Pair(Optional.of(file), labels) : new Pair(images, Optional.of(file));
    }
  }

  @Override
  public boolean recognises(Path path) throws IOException {
    return Files.isDirectory(path)
        && pairs(path).values().stream().anyMatch(pair -> pair.images().isPresent());
  }

  private static Map<String, Pair> pairs(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> entries = Files.list(folder)) {
      files = entries.sorted().toList();
    }
    Map<String, Pair> pairs = new TreeMap<>();
    for (Path file : files) {
      Matcher matcher = FILE.matcher(file.getFileName().toString());
      if (matcher.matches()) {
        Pair pair =
            pairs.getOrDefault(matcher.group(1), new Pair(Optional.empty(), Optional.empty()));
        pairs.put(matcher.group(1), pair.with(file, matcher.group(2).equals("images")));
      }
    }
    return pairs;
  }

  @Override
  public DataParts open(Path path, Settings settings) throws IOException {
    Settings given = settings.checked(ID, settings());
    Map<String, Pair> pairs = somePairs(path);
    Map<Part, String> prefixes = prefixes(path, pairs.keySet(), given);
    Map<Part, Block> images = new EnumMap<>(Part.class);
    Map<Part, int[]> labels = new EnumMap<>(Part.class);
    for (Map.Entry<Part, String> entry : prefixes.entrySet()) {
      Pair pair = pairs.get(entry.getValue());
      if (pair.images().isEmpty() || pair.labels().isEmpty()) {
        throw new IOException(
            "'%s' has %s of the prefix '%s', but not its other file; images and labels belong together"
                .formatted(
                    path,
                    pair.images().or(pair::labels).orElseThrow().getFileName(),
                    entry.getValue()));
      }
      images.put(entry.getKey(), images(pair.images().get()));
      labels.put(entry.getKey(), labels(pair.labels().get()));
    }
    List<String> classes = classes(path, prefixes.get(Part.TRAINING), labels.values());
    Map<Part, ArrayDataset> parts = new LinkedHashMap<>();
    for (Part part : prefixes.keySet()) {
      parts.put(
          part, ArrayDataset.of(prefixes.get(part), images.get(part), labels.get(part), classes));
    }
    return Part.join(parts);
  }

  /**
   * The images to train on; of the labels the folder may have none, and those it has are not
   * opened. Settings speak of the labelled folder and are taken here where they fit.
   */
  @Override
  public Dataset openUnlabelled(Path path, Path labelled, Settings settings) throws IOException {
    Map<String, Pair> pairs = somePairs(path);
    String wish = settings.checked(ID, settings()).text("train");
    Settings given = pairs.containsKey(wish) ? Settings.of("train", wish) : Settings.NONE;
    String prefix =
        prefixes(path, pairs.keySet(), given.checked(ID, settings())).get(Part.TRAINING);
    Path file =
        pairs
            .get(prefix)
            .images()
            .orElseThrow(
                () ->
                    new IOException(
                        "'%s' has no images of the prefix '%s'".formatted(path, prefix)));
    Block images = images(file);
    return new ArrayDataset(prefix, images, new int[images.count()], List.of()).withoutTargets();
  }

  private static Map<String, Pair> somePairs(Path path) throws IOException {
    Map<String, Pair> pairs = Files.isDirectory(path) ? pairs(path) : Map.of();
    if (pairs.isEmpty()) {
      throw new IOException(
          ("'%s' has no IDX files; expected is a folder with train-images-idx3-ubyte and"
                  + " train-labels-idx1-ubyte, or with other prefixes, gzipped or not")
              .formatted(path));
    }
    return pairs;
  }

  /** Which prefix is which part: as asked, else by name, else the only one is to train on. */
  private static Map<Part, String> prefixes(Path path, Collection<String> found, Settings given)
      throws IOException {
    Map<Part, String> prefixes = new EnumMap<>(Part.class);
    Map<Part, String> wishes =
        Map.of(
            Part.TRAINING, given.text("train"),
            Part.VALIDATION, given.text("val"),
            Part.TEST, given.text("test"));
    for (Part part : Part.values()) {
      String wish = wishes.get(part);
      if (!wish.isEmpty() && !found.contains(wish)) {
        throw new IOException(
            "'%s' has no files of the prefix '%s'; it has %s".formatted(path, wish, found));
      }
      Optional<String> prefix =
          wish.isEmpty()
              ? found.stream().filter(name -> Part.of(name).equals(Optional.of(part))).findFirst()
              : Optional.of(wish);
      prefix.ifPresent(name -> prefixes.put(part, name));
    }
    if (prefixes.isEmpty() && found.size() == 1) {
      prefixes.put(Part.TRAINING, found.iterator().next());
    }
    if (!prefixes.containsKey(Part.TRAINING)) {
      throw new IOException(
          "'%s' has files of the prefixes %s; say with the setting 'train' which to train on"
              .formatted(path, found));
    }
    return prefixes;
  }

  private static Block images(Path file) throws IOException {
    IdxArray array = IdxArray.read(file);
    int[] shape = array.shape();
    boolean gray = shape.length == 3;
    boolean rgb = shape.length == 4 && shape[3] == 3;
    if ((!gray && !rgb) || shape[1] < 1 || shape[2] < 1) {
      throw new IOException(
          "'%s' has the shape %s; images are (N, H, W) or (N, H, W, 3)"
              .formatted(file, Arrays.toString(shape)));
    }
    return new Block(shape[1], shape[2], gray ? 1 : 3, array.values());
  }

  private static int[] labels(Path file) throws IOException {
    IdxArray array = IdxArray.read(file);
    if (array.shape().length != 1) {
      throw new IOException(
          "'%s' has the shape %s; labels are (N)".formatted(file, Arrays.toString(array.shape())));
    }
    return array.toInts();
  }

  private static List<String> classes(Path folder, String prefix, Collection<int[]> labels)
      throws IOException {
    Optional<List<String>> own = ClassNames.read(folder.resolve(prefix + "-" + ClassNames.FILE));
    Optional<List<String>> shared = ClassNames.read(folder.resolve(ClassNames.FILE));
    return own.or(() -> shared).orElseGet(() -> ClassNames.numbers(labels));
  }
}
