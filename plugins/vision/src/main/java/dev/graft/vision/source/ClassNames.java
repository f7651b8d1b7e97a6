package dev.graft.vision.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Names of classes that are stored as numbers. */
final class ClassNames {

  /** File beside the data with one name per line, the first for class 0. */
  static final String FILE = "classes.txt";

  private ClassNames() {}

  /**
   * The lines of a file, if it exists.
   *
   * @throws IOException if a name is empty or occurs twice
   */
  static Optional<List<String>> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<String> names = Files.readAllLines(file).stream().map(String::strip).toList();
    if (names.contains("") || new HashSet<>(names).size() != names.size()) {
      throw new IOException(
          "'%s' has an empty or repeated line; expected is one class name per line"
              .formatted(file));
    }
    return Optional.of(names);
  }

  /** The numbers themselves, from 0 to the largest label. */
  static List<String> numbers(Collection<int[]> labels) {
    int largest = labels.stream().flatMapToInt(IntStream::of).max().orElse(0);
    // A label of millions is a mistake, not a class: the check of the labels will name it.
    return IntStream.rangeClosed(0, Math.min(largest, 1 << 16))
        .mapToObj(Integer::toString)
        .toList();
  }
}
