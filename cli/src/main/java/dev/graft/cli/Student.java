package dev.graft.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The networks that {@code graft distill} knows by name: configurations without weights. */
final class Student {

  /** What there is, smallest first. */
  static final List<String> NAMES =
      List.of(
          "resnet8", "resnet14", "resnet20", "resnet32", "mobilenet_v2_0.25", "mobilenet_v2_0.5");

  private Student() {}

  /**
   * The folder of a student: one that is there, or one made for a name.
   *
   * @param text a folder with config.json, or one of {@link #NAMES}
   * @param run where a folder is made for a name
   * @throws IOException if it is neither; the message lists the names
   */
  static Path folder(String text, Path run) throws IOException {
    if (Files.isDirectory(Path.of(text))) {
      return Path.of(text);
    }
    if (!NAMES.contains(text)) {
      throw new IOException(
          "'%s' is no student: there is no such folder, and the names are %s"
              .formatted(text, String.join(", ", NAMES)));
    }
    Path folder = run.resolve("student");
    Files.createDirectories(folder);
    try (InputStream config =
        Student.class.getResourceAsStream("students/%s.json".formatted(text))) {
      String json = new String(config.readAllBytes(), StandardCharsets.UTF_8);
      Files.writeString(folder.resolve("config.json"), json);
    }
    return folder;
  }
}
