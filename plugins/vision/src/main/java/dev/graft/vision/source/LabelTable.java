package dev.graft.vision.source;

import dev.graft.plan.Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The rows of a CSV or TSV file with a column of files and one of labels.
 *
 * @param rows in order
 */
record LabelTable(List<Row> rows) {

  private static final int BYTE_ORDER_MARK = 0xFEFF;

  private static final List<String> FILE_COLUMNS =
      List.of("file", "filename", "file_name", "path", "filepath", "image", "image_path", "img");
  private static final List<String> LABEL_COLUMNS =
      List.of("label", "class", "category", "target", "labels", "class_name", "label_name");
  private static final List<String> PART_COLUMNS = List.of("split", "part", "subset", "set");

  /**
   * An image.
   *
   * @param file as the table gives it, with the suffix
   * @param label as the table gives it
   * @param part if the table says so
   */
  record Row(String file, String label, Optional<Part> part) {}

  static boolean isTable(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return (name.endsWith(".csv") || name.endsWith(".tsv")) && Files.isRegularFile(file);
  }

  /** The first row, if the header has the two columns. */
  static Optional<LabelTable> head(Path table, Settings given) throws IOException {
    try (CSVParser parser = parse(table)) {
      Columns columns = new Columns(table, parser.getHeaderNames(), given);
      if (!columns.areThere()) {
        return Optional.empty();
      }
      List<Row> rows = new ArrayList<>();
      for (CSVRecord record : parser) {
        rows.add(columns.row(record));
        break;
      }
      return Optional.of(new LabelTable(rows));
    } catch (UncheckedIOException | IllegalArgumentException | IOException e) {
      // Whatever is wrong with it, it is not recognised; reading it says why.
      return Optional.empty();
    }
  }

  /**
   * All rows.
   *
   * @throws IOException if a column is missing, a row is damaged or a file lies outside of the
   *     folder
   */
  static LabelTable read(Path table, Settings given) throws IOException {
    try (CSVParser parser = parse(table)) {
      Columns columns = new Columns(table, parser.getHeaderNames(), given);
      columns.require();
      List<Row> rows = new ArrayList<>();
      for (CSVRecord record : parser) {
        rows.add(columns.row(record));
      }
      return new LabelTable(rows);
    } catch (UncheckedIOException | IllegalArgumentException e) {
      throw new IOException("'%s' is no table: %s".formatted(table, e.getMessage()), e);
    }
  }

  private static CSVParser parse(Path table) throws IOException {
    boolean tabs = table.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".tsv");
    BufferedReader reader = Files.newBufferedReader(table);
    try {
      reader.mark(1);
      if (reader.read() != BYTE_ORDER_MARK) {
        reader.reset();
      }
      return CSVFormat.DEFAULT
          .builder()
          .setDelimiter(tabs ? '\t' : ',')
          .setHeader()
          .setSkipHeaderRecord(true)
          .setIgnoreHeaderCase(true)
          .setTrim(true)
          .get()
          .parse(reader);
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  /** The columns that matter. */
  private record Columns(Path table, List<String> header, Settings given) {

    private Optional<String> find(List<String> usual) {
      return usual.stream()
          .flatMap(name -> header.stream().filter(column -> column.strip().equalsIgnoreCase(name)))
          .findFirst();
    }

    private Optional<String> column(String setting, List<String> usual) {
      String wish = given.text(setting);
      return find(wish.isEmpty() ? usual : List.of(wish));
    }

    boolean areThere() {
      return column("file_column", FILE_COLUMNS).isPresent()
          && column("label_column", LABEL_COLUMNS).isPresent();
    }

    void require() throws IOException {
      if (!areThere()) {
        throw new IOException(
            ("'%s' has the columns %s; expected is one of the files, usually named as one of %s,"
                    + " and one of the labels, one of %s; the settings 'file_column' and"
                    + " 'label_column' name others")
                .formatted(table, header, FILE_COLUMNS, LABEL_COLUMNS));
      }
    }

    Row row(CSVRecord record) throws IOException {
      if (!record.isConsistent()) {
        throw new IOException(
            "record %d of '%s' has %d fields, the header %d"
                .formatted(record.getRecordNumber(), table, record.size(), header.size()));
      }
      String file = record.get(column("file_column", FILE_COLUMNS).orElseThrow());
      String label = record.get(column("label_column", LABEL_COLUMNS).orElseThrow());
      if (file.isEmpty() || label.isEmpty()) {
        throw new IOException(
            "record %d of '%s' has no file or no label".formatted(record.getRecordNumber(), table));
      }
      Path inside = Path.of(file).normalize();
      if (inside.isAbsolute() || inside.startsWith("..")) {
        throw new IOException(
            "record %d of '%s' names '%s', outside of the folder; files are relative to the table"
                .formatted(record.getRecordNumber(), table, file));
      }
      return new Row(file + given.text("suffix"), label, part(record));
    }

    private Optional<Part> part(CSVRecord record) throws IOException {
      Optional<String> column = find(PART_COLUMNS);
      if (column.isEmpty()) {
        return Optional.empty();
      }
      Optional<Part> part = Part.of(record.get(column.get()));
      if (part.isEmpty()) {
        throw new IOException(
            "record %d of '%s' is of the part '%s'; known are %s"
                .formatted(record.getRecordNumber(), table, record.get(column.get()), Part.KNOWN));
      }
      return part;
    }
  }

  /**
   * The classes in order: named by the file beside the table, where labels are its line numbers
   * from 0 or its names; else the labels themselves, numbers by size and texts by the alphabet.
   */
  static List<String> classes(List<Row> rows, Optional<List<String>> named) {
    if (named.isPresent()) {
      return named.get();
    }
    Stream<String> labels = rows.stream().map(Row::label).distinct();
    boolean numbers = rows.stream().allMatch(row -> isNumber(row.label()));
    return numbers
        ? labels.sorted(Comparator.comparingInt(Integer::parseInt)).toList()
        : labels.sorted().toList();
  }

  private static boolean isNumber(String label) {
    return label.matches("\\d{1,9}");
  }

  /** Index of a row's class: its name, else its number. */
  static int target(Row row, List<String> classes) throws IOException {
    int index = classes.indexOf(row.label());
    if (index < 0 && isNumber(row.label()) && Integer.parseInt(row.label()) < classes.size()) {
      return Integer.parseInt(row.label());
    }
    if (index < 0) {
      throw new IOException(
          "'%s' has the label '%s', which is no class of %s"
              .formatted(row.file(), row.label(), classes));
    }
    return index;
  }
}
