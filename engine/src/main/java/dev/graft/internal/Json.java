package dev.graft.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * Strict JSON: a key given twice, a second value after the first, a nesting deeper than 64 and, for
 * records, an unknown key are errors. The encoding is UTF-8, never guessed.
 */
public final class Json {

  private static final int DEPTH = 64;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // Names in foreign files must not fill a table that the whole JVM shares.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(DEPTH).maxNumberLength(400).build())
          .build();

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(FACTORY)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private Json() {}

  /**
   * The JSON object in a file: strings, numbers, booleans, nulls, lists and maps, in file order.
   *
   * @throws IOException if the file cannot be read or is not one JSON object; the message says
   *     where
   */
  public static Map<String, Object> readObject(Path file) throws IOException {
    return read(file, new TypeReference<>() {});
  }

  /**
   * The JSON object in some bytes.
   *
   * @param where what the bytes are, for messages
   * @throws IOException if they are not one JSON object; the message says where
   */
  public static Map<String, Object> readObject(byte[] bytes, String where) throws IOException {
    return read(bytes, where, new TypeReference<>() {});
  }

  /**
   * A value of a record or collection type from a file.
   *
   * @throws IOException if the file cannot be read or does not have that form
   */
  public static <T> T read(Path file, TypeReference<T> type) throws IOException {
    return read(Files.readAllBytes(file), file.toString(), type);
  }

  /**
   * A value of a record or collection type from bytes.
   *
   * @param what names the bytes in messages
   * @throws IOException if they do not have that form
   */
  public static <T> T read(byte[] bytes, String what, TypeReference<T> type) throws IOException {
    T value;
    try (JsonParser parser = parser(bytes)) {
      value = MAPPER.readValue(parser, type);
      if (parser.nextToken() != null) {
        throw new IOException("%s holds a second value after the first".formatted(what));
      }
    } catch (JsonProcessingException e) {
      throw new IOException("%s is not valid: %s".formatted(what, e.getMessage()), e);
    } catch (CharacterCodingException e) {
      throw new IOException("%s is not UTF-8".formatted(what), e);
    }
    if (value == null) {
      throw new IOException("%s holds null where a value is needed".formatted(what));
    }
    return value;
  }

  /**
   * A pull parser over UTF-8 bytes, with the same strictness. Its methods throw {@link
   * CharacterCodingException} where the bytes are not UTF-8.
   *
   * @throws IOException never for bytes in memory
   */
  public static JsonParser parser(byte[] bytes) throws IOException {
    // A decoder made by hand reports what is malformed; one made from the charset's name replaces
    // it.
    return FACTORY.createParser(
        new InputStreamReader(
            new ByteArrayInputStream(bytes), StandardCharsets.UTF_8.newDecoder()));
  }

  /** A value as JSON without a space or line feed; maps keep their order. */
  public static byte[] writeCompact(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot write %s as JSON".formatted(value.getClass()), e);
    }
  }

  /** A value as indented JSON that ends with a line feed; maps keep their order. */
  public static byte[] write(Object value) {
    try {
      byte[] json = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(value);
      byte[] line = Arrays.copyOf(json, json.length + 1);
      line[json.length] = '\n';
      return line;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot write %s as JSON".formatted(value.getClass()), e);
    }
  }
}
