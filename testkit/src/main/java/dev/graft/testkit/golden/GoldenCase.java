package dev.graft.testkit.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * One file of reference values.
 *
 * @param family name of the folder it lies in
 * @param path the JSON file
 * @param json its content
 */
public record GoldenCase(String family, Path path, JsonNode json) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads {@code path}.
   *
   * @throws UncheckedIOException if it cannot be read or is not JSON
   */
  static GoldenCase read(String family, Path path) {
    try {
      return new GoldenCase(family, path, JSON.readTree(path.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }

  /** The file's name without {@code .json}. */
  public String name() {
    String file = path.getFileName().toString();
    return file.substring(0, file.length() - ".json".length());
  }

  /** A file that lies beside this one, for example the image it speaks of. */
  public Path sibling(String file) {
    return path.resolveSibling(file);
  }

  /**
   * True if this is a case to check: it says what it is ({@code name}) or where it comes from
   * ({@code source}). Other JSON files in the folder, such as a vocabulary, belong to cases.
   */
  boolean isCase() {
    return json.path("name").isTextual() || json.path("source").isTextual();
  }
}
