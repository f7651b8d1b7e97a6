package dev.graft.tabular;

import dev.graft.data.DataParts;
import dev.graft.data.Dataset;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.DataSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Tables in CSV or TSV files with a header: one file, a folder with one, or a folder with {@code
 * train}, {@code val} and {@code test} files. What the columns hold is found by the rules of {@link
 * ColumnRules}; strictly UTF-8.
 */
public final class CsvSource implements DataSource {

  /** Id of this source. */
  public static final String ID = "csv";

  private static final System.Logger LOG = System.getLogger(CsvSource.class.getName());
  private static final int HEADER_BYTES = 1 << 16;

  /** Columns of lists of texts or of files, which other sources read. */
  private static final Set<String> OTHER_KINDS =
      Set.of("text", "file", "filename", "file_name", "image");

  @Override
  public About about() {
    return new About(ID, "tables in CSV or TSV files, one row per example", "RFC 4180");
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        Setting.text("target", "", List.of(), "column to predict; empty: the last one"),
        Setting.text(
            "positive", "", List.of(), "rule that makes two classes of the target, as num>0"),
        Setting.text(
            "task",
            "auto",
            List.of("auto", "classification", "regression"),
            "what the target is; auto: classes where it holds texts or at most 20 whole numbers"),
        Setting.text(
            "separator",
            "auto",
            List.of("auto", "comma", "semicolon", "tab", "pipe"),
            "what stands between fields; auto: the most frequent one in the header"),
        Setting.text(
            "missing",
            MissingTokens.DEFAULT,
            List.of(),
            "texts that mean no value, separated by commas; chol=0 means it in one column only"),
        Setting.text("numeric", "", List.of(), "columns that hold numbers in any case"),
        Setting.text("categorical", "", List.of(), "columns that hold categories in any case"),
        Setting.text("ignore", "", List.of(), "columns that are not used"),
        Setting.integer(
            "codes", 10, 0, 10_000, "different whole numbers up to which a column holds codes"),
        Setting.text(
            "bad_rows",
            "refuse",
            List.of("refuse", "skip"),
            "what happens to rows with a wrong number of fields, no number where one is due or no"
                + " target"));
  }

  /**
   * True for a file, or a folder with such files, whose header names at least three columns, none
   * of them {@code text} or {@code file}: such a table lists texts or files with their labels.
   */
  @Override
  public boolean recognises(Path path) throws IOException {
    Optional<TableFiles> files = TableFiles.find(path);
    if (files.isEmpty()) {
      return false;
    }
    String start;
    try (InputStream in = Files.newInputStream(files.get().training())) {
      start = new String(in.readNBytes(HEADER_BYTES), StandardCharsets.UTF_8);
    }
    String line = start.lines().findFirst().orElse("");
    char separator = CsvText.Separator.AUTO.resolve(line);
    List<String> names =
        List.of(line.toLowerCase(Locale.ROOT).split(java.util.regex.Pattern.quote("" + separator)));
    return names.size() >= 3 && Collections.disjoint(names, OTHER_KINDS);
  }

  @Override
  public DataParts open(Path path, Settings settings) throws IOException {
    Settings given = settings.checked(ID, settings());
    TableFiles files = files(path);
    CsvText training = read(files.training(), given);
    TableSchema schema = TableSchema.infer(training, wishes(given));
    LOG.log(
        System.Logger.Level.INFO,
        "{0}: target ''{1}'', {2}, columns {3}",
        training.name(),
        schema.target(),
        schema.classes().isEmpty() ? "a number" : "classes " + schema.classes(),
        schema.columns());
    return parts(files, schema, given);
  }

  private static TableFiles files(Path path) throws IOException {
    return TableFiles.find(path)
        .orElseThrow(
            () ->
                new IOException(
                    ("'%s' is no table; expected is one .csv or .tsv file, or a folder with"
                            + " one, or with files train, val and test")
                        .formatted(path)));
  }

  private static DataParts parts(TableFiles files, TableSchema schema, Settings given)
      throws IOException {
    return new DataParts(
        TableModality.ID,
        part(Optional.of(files.training()), schema, given).orElseThrow(),
        part(files.validation(), schema, given),
        part(files.test(), schema, given));
  }

  /** What the labelled table says about its columns holds for the other one. */
  @Override
  public DataParts openBeside(Path path, Path labelled, Settings settings) throws IOException {
    Settings given = settings.checked(ID, settings());
    return parts(files(path), schema(labelled, given), given);
  }

  /** As {@link #openBeside}; the column to predict may be missing. */
  @Override
  public Dataset openUnlabelled(Path path, Path labelled, Settings settings) throws IOException {
    Settings given = settings.checked(ID, settings());
    TableSchema schema = schema(labelled, given).withoutTarget();
    return part(Optional.of(files(path).training()), schema, given).orElseThrow().withoutTargets();
  }

  private static TableSchema schema(Path labelled, Settings given) throws IOException {
    return TableSchema.infer(read(files(labelled).training(), given), wishes(given));
  }

  private static Optional<Dataset> part(Optional<Path> file, TableSchema schema, Settings given)
      throws IOException {
    if (file.isEmpty()) {
      return Optional.empty();
    }
    boolean skip = given.text("bad_rows").equals("skip");
    return Optional.of(TableDataset.of(read(file.get(), given), schema, skip));
  }

  private static CsvText read(Path file, Settings given) throws IOException {
    String separator = given.text("separator").toUpperCase(Locale.ROOT);
    return CsvText.read(file, CsvText.Separator.valueOf(separator));
  }

  private static TableSchema.Wishes wishes(Settings given) {
    String positive = given.text("positive");
    return new TableSchema.Wishes(
        given.text("target"),
        positive.isEmpty() ? Optional.empty() : Optional.of(TargetRule.parse(positive)),
        given.text("task"),
        new ColumnRules(
            ColumnRules.names(given.text("numeric")),
            ColumnRules.names(given.text("categorical")),
            ColumnRules.names(given.text("ignore")),
            given.integer("codes")),
        MissingTokens.parse(given.text("missing")));
  }
}
