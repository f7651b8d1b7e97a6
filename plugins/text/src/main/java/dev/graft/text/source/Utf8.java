package dev.graft.text.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Text files, strictly UTF-8, with or without a mark at their beginning. */
final class Utf8 {

  /** The mark as it reads where bytes are taken for characters. */
  private static final String MARK = "\u00EF\u00BB\u00BF";

  private Utf8() {}

  /**
   * The first line of a file, without mark, to recognise it by; its bytes are taken for characters,
   * so that letters beyond ASCII are others. Empty where the file is.
   */
  static String firstLine(Path file) throws IOException {
    try (var reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      String line = reader.readLine();
      return line == null ? "" : line.startsWith(MARK) ? line.substring(MARK.length()) : line;
    }
  }

  /**
   * The content of a file.
   *
   * @throws IOException if it cannot be read, is no UTF-8, or holds nothing but white space
   */
  static String read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new IOException(
          "'%s' is no UTF-8: line %d has bytes that are no character; convert it first"
              .formatted(file, lines(bytes)),
          e);
    }
    if (text.isBlank()) {
      throw new IOException("'%s' is empty; texts are expected".formatted(file));
    }
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /** Which line, from 1, a buffer stands in. */
  private static int lines(ByteBuffer bytes) {
    int line = 1;
    for (int i = 0; i < bytes.position(); i++) {
      line += bytes.get(i) == '\n' ? 1 : 0;
    }
    return line;
  }
}
