package dev.graft.tabular;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * A delimited text with a header: its fields as they stand there, with quoting undone and blanks
 * around them removed. Nothing is interpreted yet, and rows may be too short or too long.
 *
 * @param name of the file, for messages
 * @param header names of the columns, all different
 * @param rows what follows the header
 */
record CsvText(String name, List<String> header, List<Row> rows) {

  /** Larger files belong into a database; a table is held in memory. */
  static final long MAX_BYTES = 1L << 30;

  /**
   * One row.
   *
   * @param line where it begins, from 1
   * @param fields its texts
   */
  record Row(long line, List<String> fields) {}

  static CsvText read(Path file, Separator separator) throws IOException {
    long size = Files.size(file);
    if (size > MAX_BYTES) {
      throw new IOException(
          "'%s' has %d bytes; a table may have %d, use a part of it"
              .formatted(file, size, MAX_BYTES));
    }
    return parse(file.getFileName().toString(), Files.readAllBytes(file), separator);
  }

  /**
   * Parses bytes in strict UTF-8; a byte order mark is skipped.
   *
   * @throws IOException if the bytes are no UTF-8, quoting is broken or the header is not usable
   */
  static CsvText parse(String name, byte[] content, Separator separator) throws IOException {
    String text = decode(name, content);
    List<Row> rows = new ArrayList<>();
    try (CSVParser parser = CSVParser.parse(new StringReader(text), format(separator, text))) {
      Iterator<CSVRecord> records = parser.iterator();
      while (records.hasNext()) {
        CSVRecord next = records.next();
        List<String> fields = next.toList();
        long inside =
            fields.stream().mapToLong(field -> field.chars().filter(c -> c == '\n').count()).sum();
        rows.add(new Row(parser.getCurrentLineNumber() - inside, fields));
      }
    } catch (UncheckedIOException e) {
      throw new IOException(
          "'%s' is no proper CSV: %s".formatted(name, e.getCause().getMessage()), e);
    }
    if (rows.isEmpty()) {
      throw new IOException("'%s' is empty; a header line and rows are expected".formatted(name));
    }
    List<String> header = rows.get(0).fields();
    check(name, header);
    return new CsvText(name, List.copyOf(header), rows.subList(1, rows.size()));
  }

  private static CSVFormat format(Separator separator, String text) {
    return CSVFormat.RFC4180
        .builder()
        .setDelimiter(separator.resolve(text))
        .setIgnoreEmptyLines(true)
        .setIgnoreSurroundingSpaces(true)
        .get();
  }

  private static void check(String name, List<String> header) throws IOException {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < header.size(); i++) {
      if (header.get(i).isEmpty()) {
        throw new IOException(
            "column %d of '%s' has no name; the first line must name every column: %s"
                .formatted(i + 1, name, header));
      }
      if (!seen.add(header.get(i))) {
        throw new IOException(
            "'%s' has two columns named '%s'; rename one".formatted(name, header.get(i)));
      }
    }
  }

  private static String decode(String name, byte[] content) throws IOException {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer bytes = ByteBuffer.wrap(content);
    CharBuffer chars = CharBuffer.allocate(content.length);
    CoderResult result = decoder.decode(bytes, chars, true);
    chars.flip();
    if (result.isError()) {
      long line = 1 + chars.chars().filter(c -> c == '\n').count();
      throw new IOException(
          "'%s' is no UTF-8: byte 0x%02X in line %d; convert the file first"
              .formatted(name, content[bytes.position()], line));
    }
    String text = chars.toString();
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /** What stands between two fields. */
  enum Separator {
    AUTO('\0'),
    COMMA(','),
    SEMICOLON(';'),
    TAB('\t'),
    PIPE('|');

    private final char character;

    Separator(char character) {
      this.character = character;
    }

    /** The character; AUTO takes the one that is most frequent in the first line, unquoted. */
    char resolve(String text) {
      return this == AUTO ? guess(text).character : character;
    }

    private static Separator guess(String text) {
      Separator best = COMMA;
      for (Separator separator : List.of(SEMICOLON, TAB, PIPE)) {
        best = separator.count(text) > best.count(text) ? separator : best;
      }
      return best;
    }

    /** Occurrences in the first line outside of quotes. */
    private long count(String text) {
      long count = 0;
      boolean quoted = false;
      for (int i = 0; i < text.length() && (quoted || text.charAt(i) != '\n'); i++) {
        quoted ^= text.charAt(i) == '"';
        count += !quoted && text.charAt(i) == character ? 1 : 0;
      }
      return count;
    }
  }
}
