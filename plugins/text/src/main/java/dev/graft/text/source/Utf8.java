package dev.graft.text.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Text files, strictly UTF-8, with or without a mark at their beginning. */
final class Utf8 {

  private Utf8() {}

  /**
   * The content of a file.
   *
   * @throws IOException if it cannot be read, is no UTF-8, or holds nothing but white space
   */
  static String read(Path file) throws IOException {
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
              .toString();
    } catch (CharacterCodingException e) {
      throw new IOException("'%s' is no UTF-8; convert it first".formatted(file), e);
    }
    if (text.isBlank()) {
      throw new IOException("'%s' is empty; texts are expected".formatted(file));
    }
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }
}
