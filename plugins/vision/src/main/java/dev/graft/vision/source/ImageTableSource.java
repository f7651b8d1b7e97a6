package dev.graft.vision.source;

import dev.graft.data.DataParts;
import dev.graft.data.Dataset;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.DataSource;
import dev.graft.vision.image.ImageDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Images with a table of labels beside them: a CSV or TSV file whose header names a column of files
 * and one of labels; the files are given relative to the table. One table, with or without a column
 * {@code split} that says train, val or test; or one table per part, named so.
 */
public final class ImageTableSource implements DataSource {

  /** Id of this source. */
  public static final String ID = "image-table";

  @Override
  public About about() {
    return new About(ID, "images with a table of files and labels beside them", "RFC 4180");
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        Setting.text(
            "file_column", "", List.of(), "column of the files; empty: found by usual names"),
        Setting.text(
            "label_column", "", List.of(), "column of the labels; empty: found by usual names"),
        Setting.text(
            "images", "", List.of(), "folder of the images, relative to the table's folder"),
        Setting.text("suffix", "", List.of(), "added to every file, for example .jpg"),
        ImageFolderSource.uprightSetting());
  }

  @Override
  public boolean recognises(Path path) throws IOException {
    Settings none = Settings.NONE.checked(ID, settings());
    for (Path table : tables(path)) {
      Optional<LabelTable> read = LabelTable.head(table, none);
      if (read.isPresent() && !read.get().rows().isEmpty()) {
        Path first = folder(table, none).resolve(read.get().rows().get(0).file());
        if (ImageFiles.isImage(first) && Files.exists(first)) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<Path> tables(Path path) throws IOException {
    if (Files.isRegularFile(path)) {
      return LabelTable.isTable(path) ? List.of(path) : List.of();
    }
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries.filter(LabelTable::isTable).sorted().toList();
    }
  }

  private static Path folder(Path table, Settings given) {
    Path parent = table.toAbsolutePath().getParent();
    return given.text("images").isEmpty() ? parent : parent.resolve(given.text("images"));
  }

  @Override
  public DataParts open(Path path, Settings settings) throws IOException {
    Settings given = settings.checked(ID, settings());
    List<Path> tables = tables(path);
    if (tables.isEmpty()) {
      throw new IOException(
          "'%s' is no table and has none; expected is a .csv or .tsv file".formatted(path));
    }
    Map<Part, List<LabelTable.Row>> rows = new EnumMap<>(Part.class);
    for (Path table : tables) {
      Part part = part(table, tables);
      for (LabelTable.Row row : LabelTable.read(table, given).rows()) {
        rows.computeIfAbsent(row.part().orElse(part), p -> new ArrayList<>()).add(row);
      }
    }
    Part.requireTraining(path, rows.keySet());
    Path folder = folder(tables.get(0), given);
    return Part.join(datasets(folder, rows, ImageFolderSource.decoder(given)));
  }

  /** A table alone is to train on, several say by their names what they are. */
  private static Part part(Path table, List<Path> tables) throws IOException {
    String name = table.getFileName().toString();
    Optional<Part> part = Part.of(name.substring(0, name.lastIndexOf('.')));
    if (part.isEmpty() && tables.size() > 1) {
      throw new IOException(
          "'%s' is one of several tables and its name says no part; name the file itself, or let"
                  .formatted(table)
              + " the tables be called "
              + Part.KNOWN);
    }
    return tables.size() > 1 ? part.orElseThrow() : Part.TRAINING;
  }

  private static Map<Part, Dataset> datasets(
      Path folder, Map<Part, List<LabelTable.Row>> rows, ImageDecoder decoder) throws IOException {
    List<String> classes =
        LabelTable.classes(
            rows.values().stream().flatMap(List::stream).toList(),
            ClassNames.read(folder.resolve(ClassNames.FILE)));
    Map<Part, Dataset> parts = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    Set<String> files = new HashSet<>();
    for (Map.Entry<Part, List<LabelTable.Row>> entry : rows.entrySet()) {
      List<FileDataset.Item> items = new ArrayList<>();
      for (LabelTable.Row row : entry.getValue()) {
        if (!Files.isRegularFile(folder.resolve(row.file()))) {
          missing.add(row.file());
        }
        if (!files.add(row.file())) {
          throw new IOException(
              "'%s' is listed twice; an image has one label and is in one part"
                  .formatted(row.file()));
        }
        items.add(new FileDataset.Item(row.file(), LabelTable.target(row, classes)));
      }
      parts.put(entry.getKey(), new FileDataset(folder, items, classes, decoder));
    }
    if (!missing.isEmpty()) {
      throw new IOException(
          ("%d files of the table are not below '%s', the first is '%s'; the settings 'images' and"
                  + " 'suffix' say where they are and how they end")
              .formatted(missing.size(), folder, missing.get(0)));
    }
    return parts;
  }
}
