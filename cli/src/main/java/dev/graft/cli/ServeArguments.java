package dev.graft.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Options of {@code graft serve} that a file and the environment give: a line {@code port = 8001}
 * of the file, a variable {@code GRAFT_SERVE_PORT}. The command line comes before the environment,
 * the environment before the file.
 */
final class ServeArguments {

  private static final String COMMAND = "serve";
  private static final String FILE = "--config";
  private static final String PREFIX = "GRAFT_SERVE_";

  private ServeArguments() {}

  /**
   * Arguments with those that the file and the environment add; others than of {@code serve} stay.
   *
   * @throws IOException if the file cannot be read
   */
  static String[] complete(String[] given, Map<String, String> environment) throws IOException {
    if (given.length == 0 || !given[0].equals(COMMAND)) {
      return given;
    }
    List<String> typed = Arrays.asList(given).subList(1, given.length);
    Map<String, String> settings = new TreeMap<>();
    Optional<String> file =
        typed(typed, FILE).or(() -> Optional.ofNullable(environment.get(PREFIX + "CONFIG")));
    if (file.isPresent()) {
      settings.putAll(read(Path.of(file.get())));
    }
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(PREFIX)) {
            String key = name.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '-');
            settings.put(key, value);
          }
        });
    List<String> all = new ArrayList<>(List.of(COMMAND));
    settings.forEach(
        (key, value) -> {
          String option = "--" + key;
          if (!isTyped(typed, option) && !value.equals("false")) {
            all.add(value.equals("true") ? option : option + "=" + value);
          }
        });
    all.addAll(typed);
    return all.toArray(String[]::new);
  }

  private static boolean isTyped(List<String> typed, String option) {
    return typed.stream().anyMatch(arg -> arg.equals(option) || arg.startsWith(option + "="));
  }

  private static Optional<String> typed(List<String> typed, String option) {
    for (int i = 0; i < typed.size(); i++) {
      if (typed.get(i).startsWith(option + "=")) {
        return Optional.of(typed.get(i).substring(option.length() + 1));
      }
      if (typed.get(i).equals(option) && i + 1 < typed.size()) {
        return Optional.of(typed.get(i + 1));
      }
    }
    return Optional.empty();
  }

  private static Map<String, String> read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IllegalArgumentException e) {
      throw new IOException("'%s' has a broken \\u sequence".formatted(file), e);
    }
    Map<String, String> settings = new TreeMap<>();
    properties.forEach((key, value) -> settings.put(key.toString(), value.toString().strip()));
    return settings;
  }
}
