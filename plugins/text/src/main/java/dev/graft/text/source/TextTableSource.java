package dev.graft.text.source;

import dev.graft.data.DataParts;
import dev.graft.data.Dataset;
import dev.graft.data.TargetKind;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.DataSource;
import dev.graft.text.preprocessing.TextModality;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Texts, with labels or without, in TSV, CSV or JSON lines: one file, or a folder with {@code
 * train} and, as far as there are any, {@code val} or {@code dev} and {@code test}. A file {@code
 * classes.txt} beside them names the classes, one a line, where labels are numbers.
 */
public final class TextTableSource implements DataSource {

  /** Id of this source. */
  public static final String ID = "texts";

  private static final List<String> TEXTS = List.of("text", "sentence", "review", "question");
  private static final List<String> LABELS = List.of("label", "class", "category", "target");

  /** What can be learned from the rows, as people ask for it. */
  private static final Map<String, TargetKind> TASKS =
      Map.of(
          "classification", TargetKind.CLASS,
          "regression", TargetKind.NUMBER,
          "multi-label", TargetKind.LABELS,
          "causal-language-modelling", TargetKind.NEXT_WORD,
          "masked-language-modelling", TargetKind.MASKED_WORDS,
          "sequence-to-sequence", TargetKind.TEXT);

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
            TASKS.keySet().stream().sorted().toList(),
            "what the label is: a class, a number to predict, any number of classes, a text; or"
                + " none, where the text itself is learned"),
        Setting.text("separator", "|", List.of(), "multi-label: what stands between classes"),
        BadRows.setting("rows with a wrong number of fields, no text or an unusable label"));
  }

  @Override
  public boolean recognises(Path path) throws IOException {
    Map<String, Path> parts = parts(path);
    return parts.containsKey("train")
        && hasTexts(parts.get("train"))
        && !QuestionSource.hasQuestions(parts.get("train"));
  }

  private static boolean hasTexts(Path file) throws IOException {
    return TextRows.columnsOf(file).stream()
        .anyMatch(column -> TEXTS.contains(column.toLowerCase(Locale.ROOT)));
  }

  private static Map<String, Path> parts(Path path) throws IOException {
    return PartFiles.of(path, TextRows::isTable);
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
    TableForm form = form(labelled, given);
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

  private static Optional<Dataset> optional(Path file, TableForm form) throws IOException {
    return file == null ? Optional.empty() : Optional.of(form.read(file, true));
  }

  /** What the labelled training file says about columns and classes. */
  private static TableForm form(Path labelled, Settings given) throws IOException {
    Path file = parts(labelled).get("train");
    if (file == null) {
      throw new IOException("'%s' holds no table of texts".formatted(labelled));
    }
    TextRows rows = TextRows.read(file);
    return new TableForm(
        column(rows, given.text("text"), TEXTS),
        given.text("pair"),
        target(rows, file, given),
        given.text("bad_rows").equals("skip"));
  }

  private static TableForm.Target target(TextRows rows, Path file, Settings given)
      throws IOException {
    TargetKind kind = TASKS.get(given.text("task"));
    String separator = given.text("separator");
    if (kind == TargetKind.NEXT_WORD || kind == TargetKind.MASKED_WORDS) {
      return new TableForm.Target(kind, "", separator, List.of(), List.of());
    }
    String label = column(rows, given.text("label"), LABELS);
    boolean classes = kind == TargetKind.CLASS || kind == TargetKind.LABELS;
    List<String> values = classes ? values(rows, label, kind, separator) : List.of();
    Path names = file.toAbsolutePath().getParent().resolve("classes.txt");
    return new TableForm.Target(kind, label, separator, values, names(names, values));
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
  private static List<String> values(
      TextRows rows, String label, TargetKind kind, String separator) {
    TreeSet<String> found = new TreeSet<>();
    for (TextRows.Row row : rows.rows()) {
      String field = row.fields().getOrDefault(label, "");
      found.addAll(TableForm.Target.labels(field, kind, separator));
    }
    List<String> values = new ArrayList<>(found);
    if (values.stream().allMatch(value -> value.matches("[0-9]{1,9}"))) {
      values.sort(Comparator.comparingInt(Integer::parseInt));
    }
    return values;
  }

  /** Names of classes from a file where labels are positions in it; else the labels themselves. */
  private static List<String> names(Path file, List<String> values) throws IOException {
    if (values.isEmpty() || !Files.isRegularFile(file)) {
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
}
