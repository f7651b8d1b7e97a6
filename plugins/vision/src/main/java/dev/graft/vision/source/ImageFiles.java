package dev.graft.vision.source;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds image files by their extensions; hidden files and folders are passed over. */
final class ImageFiles {

  private static final Set<String> EXTENSIONS =
      Set.of("jpg", "jpeg", "jpe", "jfif", "png", "gif", "bmp");

  private static final int MAX_DEPTH = 8;

  private ImageFiles() {}

  static boolean isImage(Path file) {
    return EXTENSIONS.contains(extension(file)) && !isHidden(file);
  }

  private static String extension(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static boolean isHidden(Path path) {
    return path.getFileName().toString().startsWith(".");
  }

  /** Folders directly inside, by name. */
  static List<Path> folders(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(e -> Files.isDirectory(e) && !isHidden(e)).sorted().toList();
    }
  }

  /** True if an image lies directly inside. */
  static boolean holdsImages(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.anyMatch(ImageFiles::isImage);
    }
  }

  /**
   * All images inside, also in folders within, by name.
   *
   * @param ignored counts other files by extension
   */
  static List<Path> all(Path folder, Map<String, Integer> ignored) throws IOException {
    try (Stream<Path> files = Files.walk(folder, MAX_DEPTH, FileVisitOption.FOLLOW_LINKS)) {
      Map<Boolean, List<Path>> found =
          files
              .filter(file -> Files.isRegularFile(file) && !isHidden(file))
              .sorted()
              .collect(Collectors.partitioningBy(ImageFiles::isImage));
      found.get(false).forEach(file -> ignored.merge(extension(file), 1, Integer::sum));
      return found.get(true);
    }
  }

  /** The extensions of everything inside a folder with their numbers, for error messages. */
  static Map<String, Integer> census(Path folder) throws IOException {
    Map<String, Integer> census = new TreeMap<>();
    try (Stream<Path> entries = Files.list(folder)) {
      entries.forEach(
          e ->
              census.merge(Files.isDirectory(e) ? "folders" : "." + extension(e), 1, Integer::sum));
    }
    return census;
  }

  /** A path below a root, written with slashes on every system. */
  static String relative(Path root, Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }
}
