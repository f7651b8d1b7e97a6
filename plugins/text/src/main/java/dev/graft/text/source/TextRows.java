package dev.graft.text.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The rows of one file, by column: tab-separated without quoting, comma-separated by RFC 4180, or
 * one JSON object a line. Strictly UTF-8.
 *
 * @param name of the file
 * @param columns in order
 * @param rows what could be read
 * @param bad what could not, and why
 */
record TextRows(String name, List<String> columns, List<Row> rows, List<String> bad) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * One row.
   *
   * @param line where it begins, from 1
   * @param fields by column; a column that it lacks is absent
   */
  record Row(long line, Map<String, String> fields) {}

  /** True if a file's name says that it is of one of these forms. */
  static boolean isTable(Path file) {
    return kind(file) != ' ';
  }

  private static char kind(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".tsv")) {
      return '\t';
    }
    if (name.endsWith(".csv")) {
      return ',';
    }
    return name.endsWith(".jsonl") || name.endsWith(".ndjson") ? '{' : ' ';
  }

  static TextRows read(Path file) throws IOException {
    String name = file.getFileName().toString();
    String content = Utf8.read(file);
    return switch (kind(file)) {
      case '\t' -> tabs(name, content);
      case ',' -> commas(name, content);
      default -> objects(name, content);
    };
  }

  /** The columns of a file, from its beginning. */
  static Set<String> columnsOf(Path file) throws IOException {
    String first = Utf8.firstLine(file);
    return new LinkedHashSet<>(
        switch (kind(file)) {
          case '\t' -> List.of(first.split("\t"));
          case ',' -> List.of(first.replace("\"", "").split(","));
          default -> first.startsWith("{") ? fields(first) : List.<String>of();
        });
  }

  private static List<String> fields(String line) {
    try {
      return List.copyOf(strings(JSON.readTree(line)).keySet());
    } catch (JsonProcessingException e) {
      return List.of();
    }
  }

  private static TextRows tabs(String name, String text) {
    List<Row> rows = new ArrayList<>();
    List<String> bad = new ArrayList<>();
    String[] lines = text.split("\r?\n", -1);
    List<String> columns = List.of(lines[0].split("\t", -1));
    for (int i = 1; i < lines.length; i++) {
      if (!lines[i].isEmpty()) {
        add(columns, i + 1, List.of(lines[i].split("\t", -1)), rows, bad);
      }
    }
    return new TextRows(name, columns, rows, bad);
  }

  private static void add(
      List<String> columns, long line, List<String> fields, List<Row> rows, List<String> bad) {
    if (fields.size() != columns.size()) {
      bad.add(
          "line %d: %d fields, the header has %d".formatted(line, fields.size(), columns.size()));
      return;
    }
    Map<String, String> row = new LinkedHashMap<>();
    for (int i = 0; i < fields.size(); i++) {
      row.put(columns.get(i), fields.get(i));
    }
    rows.add(new Row(line, row));
  }

  private static TextRows commas(String name, String text) throws IOException {
    List<Row> rows = new ArrayList<>();
    List<String> bad = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    try (CSVParser parser = CSVParser.parse(new StringReader(text), CSVFormat.RFC4180)) {
      for (CSVRecord row : parser) {
        if (columns.isEmpty()) {
          columns.addAll(row.toList());
        } else {
          add(columns, parser.getCurrentLineNumber(), row.toList(), rows, bad);
        }
      }
    } catch (UncheckedIOException e) {
      throw new IOException(
          "'%s' is no proper CSV: %s".formatted(name, e.getCause().getMessage()), e);
    }
    return new TextRows(name, columns, rows, bad);
  }

  private static TextRows objects(String name, String text) {
    List<Row> rows = new ArrayList<>();
    List<String> bad = new ArrayList<>();
    Set<String> columns = new LinkedHashSet<>();
    String[] lines = text.split("\r?\n", -1);
    for (int i = 0; i < lines.length; i++) {
      if (lines[i].isBlank()) {
        continue;
      }
      try {
        JsonNode object = JSON.readTree(lines[i]);
        if (object.isObject()) {
          Map<String, String> fields = strings(object);
          columns.addAll(fields.keySet());
          rows.add(new Row(i + 1, fields));
        } else {
          bad.add("line %d: no JSON object".formatted(i + 1));
        }
      } catch (JsonProcessingException e) {
        bad.add("line %d: no proper JSON".formatted(i + 1));
      }
    }
    return new TextRows(name, List.copyOf(columns), rows, bad);
  }

  private static Map<String, String> strings(JsonNode object) {
    Map<String, String> fields = new LinkedHashMap<>();
    object
        .properties()
        .forEach(
            entry -> {
              if (entry.getValue().isValueNode() && !entry.getValue().isNull()) {
                fields.put(entry.getKey(), entry.getValue().asText());
              }
            });
    return fields;
  }
}
