package dev.graft.tabular;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The files of a table: one file, or one per part.
 *
 * @param training the only file, or the one named {@code train}
 * @param validation the one named {@code val}, {@code valid}, {@code validation} or {@code dev}
 * @param test the one named {@code test}
 */
record TableFiles(Path training, Optional<Path> validation, Optional<Path> test) {

  /** The files at a path, or nothing where it is no table: never opens a file. */
  static Optional<TableFiles> find(Path path) throws IOException {
    if (Files.isRegularFile(path)) {
      return isTable(path)
          ? Optional.of(new TableFiles(path, Optional.empty(), Optional.empty()))
          : Optional.empty();
    }
    if (!Files.isDirectory(path)) {
      return Optional.empty();
    }
    List<Path> tables = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry)) {
          // Pictures or sounds with a table of labels beside them.
          return Optional.empty();
        }
        if (isTable(entry)) {
          tables.add(entry);
        }
      }
    }
    if (tables.size() == 1) {
      return Optional.of(new TableFiles(tables.get(0), Optional.empty(), Optional.empty()));
    }
    return named(tables, "train", "training")
        .map(
            training ->
                new TableFiles(
                    training,
                    named(tables, "val", "valid", "validation", "dev"),
                    named(tables, "test")));
  }

  private static boolean isTable(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".csv") || name.endsWith(".tsv");
  }

  private static Optional<Path> named(List<Path> tables, String... stems) {
    return tables.stream()
        .filter(
            table -> {
              String name = table.getFileName().toString().toLowerCase(Locale.ROOT);
              return List.of(stems).contains(name.substring(0, name.length() - ".csv".length()));
            })
        .findFirst();
  }
}
