package dev.graft.weights;

import dev.graft.data.SideFiles;
import dev.graft.internal.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A base model's folder as Hugging Face publishes it: {@code config.json}, weights, and beside
 * them, as far as there are any, {@code preprocessor_config.json}, labels, a README and a licence.
 *
 * <p>Everything is foreign text: files that it names must lie in the folder, sizes are limited, and
 * nothing is ever run.
 */
public final class BaseFolder {

  private static final String CONFIG = "config.json";
  private static final String PREPROCESSOR = "preprocessor_config.json";

  /** Enough of a README or licence to find what it says at the top. */
  private static final int MAX_TEXT = 1 << 20;

  /** The largest published vocabularies have some 30 MB. */
  private static final long MAX_SIDE_FILE = 256L << 20;

  /** A line such as {@code license: mit} or {@code Licence: Apache-2.0 (LICENSE.txt).} */
  private static final Pattern LICENCE = line("licen[cs]e");

  private static final Pattern SOURCE = line("source");

  private final Path folder;
  private final Map<String, Object> config;
  private final Weights weights;
  private final WeightCard card;

  private BaseFolder(Path folder, Map<String, Object> config, Weights weights, WeightCard card) {
    this.folder = folder;
    this.config = config;
    this.weights = weights;
    this.card = card;
  }

  /**
   * Opens a folder.
   *
   * @throws IOException if a file is missing, cannot be read or is not valid; the message says
   *     which
   * @throws WeightFormatException if the weights break a rule of their format
   */
  public static BaseFolder open(Path folder, ReadOptions options) throws IOException {
    Path configFile = folder.resolve(CONFIG);
    if (!Files.isRegularFile(configFile)) {
      throw new NoSuchFileException(
          configFile.toString(),
          null,
          "a base model is a folder with %s and weights; give one".formatted(CONFIG));
    }
    Map<String, Object> config = Json.readObject(configFile);
    Weights weights = Weights.open(folder, options);
    return new BaseFolder(
        folder, Collections.unmodifiableMap(config), weights, card(folder, config));
  }

  /** Where it was opened. */
  public Path folder() {
    return folder;
  }

  /** The content of {@code config.json}: how the network is built. */
  public Map<String, Object> config() {
    return config;
  }

  /** The weights. */
  public Weights weights() {
    return weights;
  }

  /** What the publisher says. */
  public WeightCard card() {
    return card;
  }

  /**
   * What the publisher says, read without the weights, which need not be there.
   *
   * @throws IOException if a file cannot be read or is not valid; the message says which
   */
  public static WeightCard readCard(Path folder) throws IOException {
    return card(folder, Json.readObject(folder.resolve(CONFIG)));
  }

  /** The files of a folder that are no weights, for what reads them: vocabularies, rules. */
  public static SideFiles sideFiles(Path folder) {
    return name -> {
      Path file = folder.resolve(name);
      if (!PlainName.isPlain(name) || !Files.isRegularFile(file)) {
        return Optional.empty();
      }
      if (Files.size(file) > MAX_SIDE_FILE) {
        throw new IOException(
            "'%s' has %d bytes; a file beside the weights may have %d"
                .formatted(file, Files.size(file), MAX_SIDE_FILE));
      }
      return Optional.of(Files.readAllBytes(file));
    };
  }

  private static WeightCard card(Path folder, Map<String, Object> config) throws IOException {
    Path preprocessor = folder.resolve(PREPROCESSOR);
    String readme = text(folder, List.of("README.md", "README.txt", "README"));
    String licence = first(LICENCE, readme);
    return new WeightCard(
        folder.toAbsolutePath().normalize().getFileName().toString(),
        licence.isEmpty()
            ? firstLine(text(folder, List.of("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE")))
            : licence,
        first(SOURCE, readme),
        labels(folder, config),
        Files.exists(preprocessor) ? Json.readObject(preprocessor) : Map.of());
  }

  /** Labels from the configuration itself, or from the file that it names, one a line. */
  private static List<String> labels(Path folder, Map<String, Object> config) throws IOException {
    List<String> labels = List.of();
    if (config.get("labels") instanceof List<?> list) {
      labels = list.stream().map(String::valueOf).toList();
    } else if (config.get("id2label") instanceof Map<?, ?> map) {
      labels = byId(map, folder);
    } else if (config.get("labels_file") instanceof String name) {
      labels = readLabels(folder, name);
    }
    if (!labels.isEmpty()
        && config.get("num_labels") instanceof Integer count
        && count != labels.size()) {
      throw new IOException(
          "%s says num_labels %d, but there are %d labels"
              .formatted(folder.resolve(CONFIG), count, labels.size()));
    }
    return labels;
  }

  private static List<String> byId(Map<?, ?> map, Path folder) throws IOException {
    Map<Integer, String> sorted = new TreeMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      try {
        sorted.put(Integer.valueOf((String) entry.getKey()), String.valueOf(entry.getValue()));
      } catch (NumberFormatException e) {
        throw new IOException(
            "%s has the label id '%s', which is no number"
                .formatted(folder.resolve(CONFIG), entry.getKey()),
            e);
      }
    }
    List<String> labels = new ArrayList<>();
    for (Map.Entry<Integer, String> entry : sorted.entrySet()) {
      if (entry.getKey() != labels.size()) {
        throw new IOException(
            "%s has no label with the id %d".formatted(folder.resolve(CONFIG), labels.size()));
      }
      labels.add(entry.getValue());
    }
    return labels;
  }

  private static List<String> readLabels(Path folder, String name) throws IOException {
    Path file = PlainName.isPlain(name) ? folder.resolve(name) : folder;
    if (!Files.isRegularFile(file) || PlainName.isForeignLink(file)) {
      throw new IOException(
          "%s names the labels file '%s', which is no file of this folder"
              .formatted(folder.resolve(CONFIG), name));
    }
    return head(file).lines().toList();
  }

  private static String text(Path folder, List<String> names) throws IOException {
    for (String name : names) {
      if (Files.isRegularFile(folder.resolve(name))) {
        return head(folder.resolve(name));
      }
    }
    return "";
  }

  private static String head(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MAX_TEXT), StandardCharsets.UTF_8);
    }
  }

  private static Pattern line(String key) {
    return Pattern.compile(
        "^" + key + "[ \\t]*:[ \\t]*(\\S.{0,199})", Pattern.MULTILINE | Pattern.CASE_INSENSITIVE);
  }

  private static String first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1).strip() : "";
  }

  private static String firstLine(String text) {
    return text.lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst().orElse("");
  }
}
