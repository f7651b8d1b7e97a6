package dev.graft.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes which example is in which part to a folder: {@code training.txt}, {@code validation.txt},
 * {@code test.txt}, and one file for each further data set; one name per line.
 */
public final class SplitFiles {

  private SplitFiles() {}

  /**
   * Writes the parts, or, where they have been written before, checks that they are the same.
   *
   * @throws IOException if the data changed since; the message names the first difference
   */
  public static void writeOrCheck(Path folder, Split split) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, Dataset> part : split.byName().entrySet()) {
      Path file = folder.resolve(part.getKey() + ".txt");
      List<String> names = names(part.getValue());
      if (Files.exists(file)) {
        check(part.getKey(), Files.readAllLines(file, StandardCharsets.UTF_8), names);
      } else {
        Files.write(file, names, StandardCharsets.UTF_8);
      }
    }
  }

  private static List<String> names(Dataset data) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < data.size(); i++) {
      names.add(data.id(i));
    }
    return names;
  }

  private static void check(String part, List<String> before, List<String> now) throws IOException {
    if (before.equals(now)) {
      return;
    }
    List<String> gone = new ArrayList<>(before);
    gone.removeAll(now);
    List<String> fresh = new ArrayList<>(now);
    fresh.removeAll(before);
    throw new IOException(
        ("the %s part changed since this run began (%d examples then, %d now; gone: %s, new: %s);"
                + " restore the data or start a new run folder")
            .formatted(
                part,
                before.size(),
                now.size(),
                gone.isEmpty() ? "none" : gone.get(0),
                fresh.isEmpty() ? "none" : fresh.get(0)));
  }
}
