package dev.graft.text.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The files of a data set by the part they hold: {@code train}, {@code val}, {@code test}. */
final class PartFiles {

  private static final System.Logger LOG = System.getLogger(PartFiles.class.getName());

  private PartFiles() {}

  /** Of one file, which is the training part, or of a folder, by their names. */
  static Map<String, Path> of(Path path, Predicate<Path> form) throws IOException {
    if (Files.isRegularFile(path)) {
      return form.test(path) ? Map.of("train", path) : Map.of();
    }
    if (!Files.isDirectory(path)) {
      return Map.of();
    }
    List<Path> found;
    try (Stream<Path> files = Files.list(path)) {
      found = files.filter(file -> Files.isRegularFile(file) && form.test(file)).sorted().toList();
    }
    if (found.size() == 1) {
      return Map.of("train", found.get(0));
    }
    Map<String, Path> parts = new TreeMap<>();
    for (Path file : found) {
      switch (file.getFileName().toString().toLowerCase(Locale.ROOT).replaceAll("\\..*", "")) {
        case "train", "training" -> parts.put("train", file);
        case "val", "valid", "validation", "dev" -> parts.put("val", file);
        case "test" -> parts.put("test", file);
        default -> LOG.log(System.Logger.Level.DEBUG, "{0} is no part", file);
      }
    }
    return parts;
  }

  /** True if the name of a file ends in one of some ways. */
  static boolean endsWith(Path file, List<String> endings) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return endings.stream().anyMatch(name::endsWith);
  }
}
