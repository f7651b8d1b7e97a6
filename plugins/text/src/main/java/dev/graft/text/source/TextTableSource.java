package dev.graft.text.source;

import dev.graft.data.DataParts;
import dev.graft.data.Dataset;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.DataSource;
import dev.graft.text.preprocessing.TextModality;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Texts with labels in TSV, CSV or JSON lines: one file, or a folder with {@code train} and, as far
 * as there are any, {@code val} or {@code dev} and {@code test}. A file {@code classes.txt} beside
 * them names the classes, one a line, where labels are numbers.
 */
public final class TextTableSource implements DataSource {

  /** Id of this source. */
  public static final String ID = "texts";

  private static final System.Logger LOG = System.getLogger(TextTableSource.class.getName());
  private static final List<String> TEXTS = List.of("text", "sentence", "review", "question");
  private static final List<String> LABELS = List.of("label", "class", "category", "target");
  private static final int NAMED = 10;

  @Override
  public About about() {
    return new About(ID, "texts with labels in TSV, CSV or JSON lines", "RFC 4180, RFC 8259");
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        Setting.text("text", "", List.of(), "column of the text; empty: found by usual names"),
        Setting.text("pair", "", List.of(), "column of a second text; empty: there is none"),
        Setting.text("label", "", List.of(), "column of the label; empty: found by usual names"),
        Setting.text(
            "task",
            "classification",
            List.of("classification", "regression"),
            "what the label is: a class, or a number to predict"),
        Setting.text(
            "bad_rows",
            "refuse",
            List.of("refuse", "skip"),
            "what happens to rows with a wrong number of fields, no text or an unusable label"));
  }

  @Override
  public boolean recognises(Path path) throws IOException {
    Map<String, Path> parts = parts(path);
    return parts.containsKey("train") && hasTexts(parts.get("train"));
  }

  private static boolean hasTexts(Path file) throws IOException {
    return TextRows.columnsOf(file).stream()
        .anyMatch(column -> TEXTS.contains(column.toLowerCase(Locale.ROOT)));
  }

  /** Files by part: {@code train}, {@code val}, {@code test}. */
  private static Map<String, Path> parts(Path path) throws IOException {
    if (Files.isRegularFile(path)) {
      return TextRows.isTable(path) ? Map.of("train", path) : Map.of();
    }
    if (!Files.isDirectory(path)) {
      return Map.of();
    }
    List<Path> tables;
    try (Stream<Path> files = Files.list(path)) {
      tables =
          files
              .filter(file -> Files.isRegularFile(file) && TextRows.isTable(file))
              .sorted()
              .toList();
    }
    if (tables.size() == 1) {
      return Map.of("train", tables.get(0));
    }
    Map<String, Path> parts = new TreeMap<>();
    for (Path table : tables) {
      switch (table.getFileName().toString().toLowerCase(Locale.ROOT).replaceAll("\\..*", "")) {
        case "train", "training" -> parts.put("train", table);
        case "val", "valid", "validation", "dev" -> parts.put("val", table);
        case "test" -> parts.put("test", table);
        default -> LOG.log(System.Logger.Level.DEBUG, "{0} is no part", table);
      }
    }
    return parts;
  }

  @Override
  public DataParts open(Path path, Settings settings) throws IOException {
    return opened(path, path, settings.checked(ID, settings()));
  }

  /** The classes of the labelled texts hold for the others. */
  @Override
  public DataParts openBeside(Path path, Path labelled, Settings settings) throws IOException {
    return opened(path, labelled, settings.checked(ID, settings()));
  }

  private static DataParts opened(Path path, Path labelled, Settings given) throws IOException {
    Map<String, Path> files = parts(path);
    if (!files.containsKey("train")) {
      throw new IOException(
          ("'%s' holds no table of texts; expected is a .tsv, .csv or .jsonl file, or a folder with"
                  + " train and test")
              .formatted(path));
    }
    Form form = form(labelled, given);
    return new DataParts(
        TextModality.ID,
        form.read(files.get("train"), true),
        optional(files.get("val"), form),
        optional(files.get("test"), form));
  }

  @Override
  public Dataset openUnlabelled(Path path, Path labelled, Settings settings) throws IOException {
    Settings given = settings.checked(ID, settings());
    Map<String, Path> files = parts(path);
    if (!files.containsKey("train")) {
      throw new IOException("'%s' holds no table of texts".formatted(path));
    }
    return form(labelled, given).read(files.get("train"), false).withoutTargets();
  }

  private static Optional<Dataset> optional(Path file, Form form) throws IOException {
    return file == null ? Optional.empty() : Optional.of(form.read(file, true));
  }

  /** What the labelled training file says about columns and classes. */
  private static Form form(Path labelled, Settings given) throws IOException {
    Path file = parts(labelled).get("train");
    if (file == null) {
      throw new IOException("'%s' holds no table of texts".formatted(labelled));
    }
    TextRows rows = TextRows.read(file);
    String text = column(rows, given.text("text"), TEXTS);
    String label = column(rows, given.text("label"), LABELS);
    boolean numbers = given.text("task").equals("regression");
    List<String> values = numbers ? List.of() : values(rows, label);
    return new Form(
        text,
        given.text("pair"),
        label,
        values,
        numbers
            ? List.of()
            : names(file.toAbsolutePath().getParent().resolve("classes.txt"), values),
        given.text("bad_rows").equals("skip"));
  }

  private static String column(TextRows rows, String wanted, List<String> usual)
      throws IOException {
    for (String column : rows.columns()) {
      if (wanted.isEmpty()
          ? usual.contains(column.toLowerCase(Locale.ROOT))
          : column.equals(wanted)) {
        return column;
      }
    }
    throw new IOException(
        "'%s' has no column %s; it has %s, name one"
            .formatted(
                rows.name(),
                wanted.isEmpty() ? "of " + usual : "'" + wanted + "'",
                rows.columns()));
  }

  /** The labels that occur: numbers in their order, others in that of the alphabet. */
  private static List<String> values(TextRows rows, String label) {
    TreeSet<String> found = new TreeSet<>();
    for (TextRows.Row row : rows.rows()) {
      String value = row.fields().getOrDefault(label, "").strip();
      if (!value.isEmpty()) {
        found.add(value);
      }
    }
    List<String> values = new ArrayList<>(found);
    if (values.stream().allMatch(value -> value.matches("[0-9]{1,9}"))) {
      values.sort(java.util.Comparator.comparingInt(Integer::parseInt));
    }
    return values;
  }

  /** Names of classes from a file where labels are positions in it; else the labels themselves. */
  private static List<String> names(Path file, List<String> values) throws IOException {
    if (!Files.isRegularFile(file)) {
      return values;
    }
    List<String> names = Files.readAllLines(file).stream().filter(line -> !line.isBlank()).toList();
    List<String> result = new ArrayList<>();
    for (String value : values) {
      if (!value.matches("[0-9]{1,9}")) {
        return values;
      }
      if (Integer.parseInt(value) >= names.size()) {
        throw new IOException(
            "label %s has no name: '%s' has %d lines".formatted(value, file, names.size()));
      }
      result.add(names.get(Integer.parseInt(value)));
    }
    return result;
  }

  /**
   * How rows are read.
   *
   * @param values labels as they stand in files, by index of the class; empty: labels are numbers
   * @param classes their names
   */
  private record Form(
      String text,
      String pair,
      String label,
      List<String> values,
      List<String> classes,
      boolean skip) {

    Dataset read(Path file, boolean labelled) throws IOException {
      TextRows table = TextRows.read(file);
      List<String> bad = new ArrayList<>(table.bad());
      List<TextDataset.Row> rows = new ArrayList<>();
      List<Double> targets = new ArrayList<>();
      for (TextRows.Row row : table.rows()) {
        String content = row.fields().getOrDefault(text, "");
        double target =
            labelled ? target(row.fields().getOrDefault(label, "").strip()) : Double.NaN;
        if (content.isBlank()) {
          bad.add("line %d: no text in column '%s'".formatted(row.line(), text));
        } else if (labelled && Double.isNaN(target)) {
          bad.add(
              "line %d: '%s' is none of the labels %s"
                  .formatted(
                      row.line(),
                      row.fields().get(label),
                      values.isEmpty() ? "(numbers)" : values));
        } else {
          Optional<String> second =
              pair.isEmpty() ? Optional.empty() : Optional.of(row.fields().getOrDefault(pair, ""));
          rows.add(new TextDataset.Row(row.line(), content, second));
          targets.add(target);
        }
      }
      report(table.name(), table.rows().size() + table.bad().size(), bad);
      if (rows.isEmpty()) {
        throw new IOException("'%s' has no usable row".formatted(table.name()));
      }
      return new TextDataset(
          table.name(), rows, targets.stream().mapToDouble(Double::doubleValue).toArray(), classes);
    }

    private double target(String value) {
      if (!values.isEmpty()) {
        int index = values.indexOf(value);
        return index < 0 ? Double.NaN : index;
      }
      return value.matches("[+-]?[0-9]*\\.?[0-9]+(?:[eE][+-]?[0-9]{1,3})?")
          ? Double.parseDouble(value)
          : Double.NaN;
    }

    private void report(String name, int all, List<String> bad) throws IOException {
      if (bad.isEmpty()) {
        return;
      }
      String message =
          "%d of %d rows of '%s' cannot be used: %s%s"
              .formatted(
                  bad.size(),
                  all,
                  name,
                  String.join("; ", bad.subList(0, Math.min(NAMED, bad.size()))),
                  bad.size() > NAMED ? "; and %d more".formatted(bad.size() - NAMED) : "");
      if (!skip) {
        throw new IOException(message + ". Correct them, or set bad_rows to skip");
      }
      LOG.log(System.Logger.Level.WARNING, message + "; they are left out");
    }
  }
}
